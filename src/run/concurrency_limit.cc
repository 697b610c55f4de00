#include "run/concurrency_limit.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>
#include <sys/resource.h>

#include "net/http_client.h"

namespace autoreply {
namespace {

/// Files that a run has open at any concurrency: its database connections (three files each with
/// SQLite), the log, and files that it reads now and then.
constexpr rlim_t kBase = 64;
/// Of each loop: two of its own, and two of libcurl for each address policy.
constexpr rlim_t kOfLoop = 6;

rlim_t needed_by(int jobs, int threads) {
  return kBase + static_cast<rlim_t>(threads) * kOfLoop +
         static_cast<rlim_t>(jobs) * HttpClient::kDescriptorsMax;
}

int room_in(rlim_t limit, int threads) {
  if (limit <= needed_by(1, threads)) return 1;
  return static_cast<int>((limit - needed_by(0, threads)) / HttpClient::kDescriptorsMax);
}

}  // namespace

int concurrency_within_limits(int wanted, int threads, const Log& log) {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return wanted;
  const rlim_t needed = needed_by(wanted, threads);
  if (files.rlim_cur < needed) {  // RLIM_INFINITY is the largest number
    const rlimit raised{.rlim_cur = std::min(needed, files.rlim_max), .rlim_max = files.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0) files = raised;
  }
  if (files.rlim_cur >= needed) return wanted;
  const int possible = std::min(wanted, room_in(files.rlim_cur, threads));
  if (possible < wanted) {
    log.warn(
        "concurrency_lowered",
        {{"from", wanted},
         {"to", possible},
         {"reason",
          fmt::format("this process may open {} files: raise the hard limit (ulimit -Hn) to {}, "
                      "or lower --concurrency",
                      files.rlim_cur,
                      needed)}});
  }
  return possible;
}

}  // namespace autoreply
