#include "claim/claimer.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <random>
#include <stdexcept>

#include "base/boot_clock.h"
#include "base/uuid.h"
#include "claim/claim_jobs.h"
#include "claim/waiting_jobs.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;

constexpr int kTriesMax = 3;
constexpr int kPauseMsMin = 100;
constexpr int kPauseMsMax = 1'000;
/// Each round of reads covers at least one more workspace, so only a huge queue needs this many.
constexpr int kKeyReadsMax = 10'000;

void pause_unless(const std::stop_token& stop) {
  std::uniform_int_distribution<int> pause(kPauseMsMin, kPauseMsMax);
  std::random_device random;
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait_for(lock, stop, milliseconds{pause(random)}, [] { return false; });
}

}  // namespace

Result<Claim> Claimer::claim(int limit, LeaseKeeper& keeper, const std::stop_token& stop) {
  for (int attempt = 1;; ++attempt) {
    const LeaseKeeper::Instant since = BootClock::now();
    auto claim = claim_once(limit);
    if (claim) keeper.hold(claim->jobs, since);
    if (claim || claim.error().kind != ErrorKind::busy) return claim;
    if (attempt == kTriesMax || stop.stop_requested()) return claim;
    pause_unless(stop);
  }
}

Result<Claim> Claimer::claim_once(int limit) {
  Claim claim;
  std::vector<RefusedJob> refused;
  auto done = with_keys_read([&]() -> Result<void> {
    // Each try has a fresh token, so jobs left over from a failed try do not look like ours.
    const ClaimToken token{random_uuid()};
    auto claimed = store_.claim(
        [&](ClaimStatements& statements) { claim = claim_jobs(rules_, token, limit, statements); });
    if (!claimed) return fail(claimed.error());
    refused = std::move(*claimed);
    return {};
  });
  if (!done) return fail(done.error());
  claim.refused = std::move(refused);
  return claim;
}

Result<std::vector<PreviewedJob>> Claimer::preview(int limit) {
  std::vector<PreviewedJob> previews;
  auto done = with_keys_read([&] {
    return store_.preview_claim([&](ClaimStatements& statements) {
      previews.clear();
      Claim claim = claim_jobs(rules_, {random_uuid()}, limit, statements);
      std::vector<StartRequest> starts;
      starts.reserve(claim.jobs.size());
      for (const ClaimedJob& job : claim.jobs) {
        starts.push_back({{job.job.id, job.token}, rules_.lease, job.in_doubt});
      }
      Results<JobContext> contexts = statements.start(starts);
      for (std::size_t at = 0; at < contexts.size(); ++at) {
        if (!contexts[at]) continue;
        previews.push_back({std::move(claim.jobs[at]), std::move(*contexts[at])});
      }
    });
  });
  if (!done) return fail(done.error());
  return previews;
}

Result<Waiting> Claimer::count_waiting() {
  Waiting waiting;
  auto done = with_keys_read([&] {
    return store_.read_claims(
        [&](ClaimStatements& statements) { waiting = count_waiting_jobs(rules_, statements); });
  });
  if (!done) return fail(done.error());
  return waiting;
}

/// Reads key files between the transactions, because a slow disk must not hold up the claim lock.
Result<void> Claimer::with_keys_read(const std::function<Result<void>()>& work) {
  for (int reads = 0;; ++reads) {
    try {
      return work();
    } catch (const UnreadKeys& unread) {
      if (reads == kKeyReadsMax) return fail(ErrorKind::busy, "too many key files are to be read");
      for (const RouteRequest& request : unread.routes) rules_.read_keys(request);
    } catch (const std::logic_error& defect) {
      return fail(ErrorKind::internal, defect.what());
    }
  }
}

}  // namespace autoreply
