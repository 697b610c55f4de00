#include "claim/claimer.h"

#include <chrono>
#include <random>
#include <stdexcept>
#include <string>
#include <unordered_map>

#include "base/clocks.h"
#include "base/pause.h"
#include "base/uuid.h"
#include "claim/claim_jobs.h"
#include "claim/waiting_jobs.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;

constexpr int kTriesMax = 3;
constexpr int kPauseMsMin = 100;
constexpr int kPauseMsMax = 1'000;
/// Each round reads the keys of at least one more workspace.
constexpr int kKeyRoundsMax = 1'000;

milliseconds random_pause() {
  std::uniform_int_distribution<int> pause(kPauseMsMin, kPauseMsMax);
  std::random_device random;
  return milliseconds{pause(random)};
}

}  // namespace

Result<Claim> Claimer::claim(int limit, LeaseKeeper& keeper, const std::stop_token& stop) {
  for (int attempt = 1;; ++attempt) {
    const LeaseKeeper::Instant since = BootClock::now();
    auto claim = claim_once(limit);
    if (claim) keeper.hold(claim->jobs, since);
    if (claim || claim.error().kind != ErrorKind::busy) return claim;
    if (attempt == kTriesMax || stop.stop_requested()) return claim;
    pause_unless_stopped(random_pause(), stop);
  }
}

Result<Claim> Claimer::claim_once(int limit) {
  Claim claim;
  std::vector<RefusedJob> refused;
  auto done = with_keys_read([&](const ClaimRules& rules) -> Result<void> {
    // Each try has a fresh token, so jobs left over from a failed try do not look like ours.
    const ClaimToken token{random_uuid()};
    auto claimed = store_.claim(
        [&](ClaimStatements& statements) { claim = claim_jobs(rules, token, limit, statements); });
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
  auto done = with_keys_read([&](const ClaimRules& rules) {
    return store_.preview_claim([&](ClaimStatements& statements) {
      previews.clear();
      Claim claim = claim_jobs(rules, {random_uuid()}, limit, statements);
      std::vector<StartRequest> starts;
      starts.reserve(claim.jobs.size());
      for (const ClaimedJob& job : claim.jobs) {
        starts.push_back({{job.job.id, job.token}, rules_.lease, job.in_doubt, job.job.created_at});
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
  auto done = with_keys_read([&](const ClaimRules& rules) {
    return store_.read_claims(
        [&](ClaimStatements& statements) { waiting = count_waiting_jobs(rules, statements); });
  });
  if (!done) return fail(done.error());
  return waiting;
}

/// Key files are read between the transactions, because a slow disk must not keep the claim lock.
/// Their routes are kept until the work is done, so each round needs fewer files.
Result<void> Claimer::with_keys_read(const std::function<Result<void>(const ClaimRules&)>& work) {
  std::unordered_map<std::string, Route> read;  // by workspace
  ClaimRules rules = rules_;
  if (rules_.route_of) {
    rules.route_of = [&](const RouteRequest& request) -> std::optional<Route> {
      const auto found = read.find(request.workspace_id);
      return found == read.end() ? rules_.route_of(request) : found->second;
    };
  }
  for (int rounds = 0;; ++rounds) {
    try {
      return work(rules);
    } catch (const UnreadKeys& unread) {
      if (rounds == kKeyRoundsMax) return fail(ErrorKind::busy, "too many key files must be read");
      for (const RouteRequest& request : unread.routes) {
        read.insert_or_assign(request.workspace_id, rules_.read_route(request));
      }
    } catch (const std::logic_error& defect) {
      return fail(ErrorKind::internal, defect.what());
    }
  }
}

}  // namespace autoreply
