// Measures claims: claims and completes jobs repeatedly, and prints the times in milliseconds.
//   claim_bench DATABASE-URL [CLAIMS [JOBS-A-CLAIM [CLAIMERS]]]

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "base/uuid.h"
#include "store/database.h"
#include "store/job_store.h"
#include "support/claims.h"

namespace autoreply {
namespace {

using std::chrono::steady_clock;

struct Times {
  std::mutex mutex;
  std::vector<double> claims;
  std::vector<std::size_t> jobs;
};

void claim_and_complete(const std::string& url, int claims, int limit, Times& times) {
  auto store = open_store({.url = url});
  if (!store) {
    fmt::print(stderr, "{}\n", store.error().message);
    std::exit(1);
  }
  for (int number = 0; number < claims; ++number) {
    const auto start = steady_clock::now();
    test::ClaimRequest request = test::claim_request(limit);
    request.limits = {
        .contact_per_minute = 5, .contact_per_hour = 30, .workspace_per_minute = 1'000'000};
    const auto claim = test::claim_from(**store, request);
    const std::chrono::duration<double, std::milli> took = steady_clock::now() - start;
    if (!claim) {
      fmt::print(stderr, "{}\n", claim.error().message);
      std::exit(1);
    }
    std::vector<Settlement> settlements;
    for (const ClaimedJob& job : claim->jobs) {
      settlements.push_back({.id = job.job.id,
                             .token = job.token,
                             .outcome = Outcome::completed,
                             .attempts = 1,
                             .note = "completed"});
    }
    if (!(*store)->write({}, settlements)) std::exit(1);
    const std::scoped_lock lock(times.mutex);
    times.claims.push_back(took.count());
    times.jobs.push_back(claim->jobs.size());
  }
}

}  // namespace
}  // namespace autoreply

int main(int argc, char** argv) {
  const std::string url = argc > 1 ? argv[1] : "";
  const int claims = argc > 2 ? std::atoi(argv[2]) : 50;
  const int limit = argc > 3 ? std::atoi(argv[3]) : 100;
  const int claimers = argc > 4 ? std::atoi(argv[4]) : 1;
  autoreply::Times times;
  {
    std::vector<std::jthread> threads;
    for (int number = 0; number < claimers; ++number) {
      threads.emplace_back([&] { autoreply::claim_and_complete(url, claims, limit, times); });
    }
  }
  std::sort(times.claims.begin(), times.claims.end());
  std::sort(times.jobs.begin(), times.jobs.end());
  const auto at = [](const auto& values, double share) {
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
  };
  fmt::print("claims {}  jobs {}..{}  median {:.1f} ms  p95 {:.1f} ms  max {:.1f} ms\n",
             times.claims.size(),
             times.jobs.front(),
             times.jobs.back(),
             at(times.claims, 0.5),
             at(times.claims, 0.95),
             times.claims.back());
}
