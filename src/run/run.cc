#include "run/run.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <system_error>
#include <utility>

#include "base/invariant.h"
#include "claim/waiting_jobs.h"
#include "run/claim_pace.h"
#include "run/job_pool.h"

// A run in one picture:
//
//   claim -> pool -> claim -> ... until no more jobs may be claimed, the limit is reached, a stop
//                                 comes, or the time to linger is up
//   release the jobs that have not begun
//   wait for the jobs that have begun
//   count the jobs that are still due

namespace autoreply {

PoolSize pool_size(const RunRules& rules) {
  const auto jobs = static_cast<std::size_t>(rules.pace.concurrency);
  return {.jobs = jobs, .threads = std::min(jobs, static_cast<std::size_t>(rules.threads))};
}

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

class Run final {
 public:
  Run(const RunRules& rules, const RunParts& parts)
      : rules_(rules),
        parts_(parts),
        stopping_(parts.stop.stopping()),
        tally_([&parts] {
          parts.log.error("settlements_refused",
                          {{"reason", "nothing that is sent could be noted"}});
          parts.stop.stop();
        }),
        batchers_(parts.open_store, [this](const Error& error) { note_misfit(error); }),
        leases_(parts.open_store, rules.claim.lease, parts.log, [this] { look_at_loops(); }),
        settler_(
            batchers_, leases_, rules.retry, tally_, parts.log, [this] { pool_.note_settled(); }),
        breakers_(batchers_, parts.log),
        notices_(parts.log),
        pipeline_parts_{.store = batchers_,
                        .settler = settler_,
                        .leases = leases_,
                        .generator = parts.generator,
                        .callback = parts.callback,
                        .breakers = breakers_,
                        .callback_peer = parts.callback_peer,
                        .stop = parts.stop,
                        .tally = tally_,
                        .notices = notices_,
                        .body_log = rules.logs_bodies ? &parts.log : nullptr},
        claimer_(parts.store, rules.claim),
        pool_(
            pool_size(rules),
            [this](Loop& loop) { return make_attempt(loop); },
            stopping_,
            watch_) {}

  Summary run() {
    claim_until_done();
    release_unstarted();
    wait_for_pool([](const PoolLoad& load) { return load.running == 0; });
    note_accepted();
    put_back_wronged();
    drop_stale_rows();
    count_still_due();
    tally_.write_to(summary_);
    note_loops();
    require_or_end(summary_.outcomes.sum() + summary_.lost == summary_.claimed,
                   "the outcomes do not add up to what was claimed");
    return summary_;
  }

 private:
  JobPool::Attempt make_attempt(Loop& loop) {
    auto pipeline =
        std::make_shared<Pipeline>(rules_.pipeline, pipeline_parts_, parts_.make_sender(loop));
    return [pipeline](const ClaimedJob& job) { return pipeline->run(job); };
  }

  /// Jobs on a loop that stands still make no progress. Their leases must run out, so that other
  /// runs answer them.
  void look_at_loops() {
    require_or_end(!watch_.finds_one_standing_still(LeaseKeeper::kRenewalsPerLease),
                   "a job has kept the others waiting for as long as a lease");
  }

  void claim_until_done() {
    while (const int wanted = ended_early() ? 0 : claim_size(rules_.pace, summary_.claimed)) {
      const PoolLoad before = pool_.load();
      auto claim = claimer_.claim(wanted, leases_, stopping_);
      const auto claimed_at = steady_clock::now();
      if (!claim) {
        note_claim_error(claim.error());
        break;
      }
      take_over(*claim);
      const int taken = static_cast<int>(claim->jobs.size());
      if (taken > 0) pool_.add(std::move(claim->jobs));
      const LastClaim last{
          .wanted = wanted, .taken = taken, .before = before, .after = pool_.load()};
      if (wait_after(last, claimed_at) == ClaimStep::end) {
        if (rules_.linger.lingers()) note_rest_now_and_then();
        if (!rules_.linger.wait_for_jobs(parts_.store, stopping_)) break;
      }
      if (rules_.linger.is_over()) break;
    }
    // Claimed jobs must still begin when the claims are over, unless a stop comes.
    wait_for_pool([this](const PoolLoad& load) { return load.unstarted == 0 || ended_early(); });
  }

  void take_over(const Claim& claim) {
    breakers_.learn(claim);
    note_accepted();
    put_back_wronged();
    for (const RefusedJob& refused : claim.refused) {
      parts_.log.warn("job_refused", {{"job", refused.id.value}, {"reason", refused.reason}});
      summary_.row_refused = true;
    }
    if (claim.jobs.empty()) return;
    summary_.claimed += static_cast<int>(claim.jobs.size());
    for (const ClaimedJob& job : claim.jobs) served_.insert(job.job.workspace_id);
    parts_.log.info("claimed", {{"jobs", claim.jobs.size()}});
  }

  [[nodiscard]] bool ended_early() const {
    return stopping_.stop_requested() || tally_.database_lost();
  }

  /// Waits until another claim is worthwhile or none will be.
  ClaimStep wait_after(const LastClaim& last, steady_clock::time_point claimed_at) {
    ClaimStep step = ClaimStep::wait;
    const auto is_over = [&](const PoolLoad& load) {
      if (ended_early() || rules_.linger.is_over()) return true;
      const auto since = std::chrono::duration_cast<milliseconds>(steady_clock::now() - claimed_at);
      step = next_step(rules_.pace, last, load, since);
      return step != ClaimStep::wait;
    };
    wait_for_pool(is_over);
    return step;
  }

  /// Waits until `enough` returns true, which depends on the time as well.
  void wait_for_pool(const std::function<bool(const PoolLoad&)>& enough) {
    for (;;) {
      const PoolLoad load = pool_.wait(kReclaimPause, enough);
      if (parts_.on_progress) parts_.on_progress(load.finished);
      if (enough(load)) return;
    }
  }

  void note_claim_error(const Error& error) {
    parts_.log.error("claim_failed", {{"reason", error.message}});
    switch (error.kind) {
      case ErrorKind::busy:
        summary_.turn_missed = true;
        break;
      case ErrorKind::unavailable:
        tally_.note_database_lost();
        break;
      case ErrorKind::misconfigured:
        note_misfit(error);
        break;
      case ErrorKind::refused:
      case ErrorKind::token_lost:
      case ErrorKind::internal:
        summary_.broken = true;
        break;
    }
  }

  /// Stops the run, because no job can be done until the operator has fixed the tables.
  void note_misfit(const Error& error) {
    if (!tally_.note_misfit(error.message)) return;
    parts_.log.error("database_does_not_fit", {{"reason", error.message}});
    parts_.stop.stop();
  }

  void release_unstarted() {
    std::vector<ClaimedJob> jobs = pool_.take_unstarted();
    if (jobs.empty()) return;
    try {
      const auto has_probes = [](const ClaimedJob& job) { return !job.probes.empty(); };
      if (std::ranges::any_of(jobs, has_probes)) Loop().run(give_back_probes(jobs));
    } catch (const std::system_error& lack) {
      // Their leases run out by themselves.
      parts_.log.warn("probes_not_given_back", {{"reason", lack.what()}});
    }
    std::vector<Settler::Ended> unstarted;
    unstarted.reserve(jobs.size());
    for (ClaimedJob& job : jobs) {
      unstarted.push_back({std::move(job), AttemptResult::not_started(Step::run)});
    }
    settler_.settle_all(std::move(unstarted));
  }

  Task<> give_back_probes(const std::vector<ClaimedJob>& jobs) {
    for (const ClaimedJob& job : jobs) {
      GuardedCalls calls(breakers_, rules_.pipeline.calls, job);
      co_await calls.give_back_unused_probes();
    }
  }

  void note_loops() const {
    using std::chrono::microseconds;
    const auto longest = std::chrono::duration_cast<microseconds>(watch_.longest_step());
    parts_.log.debug("loops", {{"threads", rules_.threads}, {"longest_step_us", longest.count()}});
  }

  /// Tells other runs that the peers work.
  void note_accepted() {
    const std::vector<AcceptedPeer> peers = breakers_.take_accepted();
    if (peers.empty() || tally_.database_lost()) return;
    if (auto noted = parts_.store.note_accepted(peers); !noted) {
      parts_.log.warn("acceptance_not_noted", {{"reason", noted.error().message}});
    }
  }

  void drop_stale_rows() {
    if (summary_.claimed == 0 || tally_.database_lost()) return;
    if (auto done = parts_.store.drop_stale_rows(); !done) {
      parts_.log.info("stale_rows_kept", {{"reason", done.error().message}});
    }
  }

  void put_back_wronged() {
    if (tally_.database_lost()) return;
    for (const Breakers::Wronged& wronged : breakers_.wronged()) {
      const auto jobs = parts_.store.put_back(wronged.jobs, wronged.reason);
      if (!jobs) {
        parts_.log.warn("jobs_not_put_back", {{"reason", jobs.error().message}});
        continue;
      }
      for (const JobId& job : *jobs) tally_.count_put_back(job, wronged.scope);
    }
  }

  /// A run that lingers tells of the jobs that it leaves unclaimed before it ends.
  void note_rest_now_and_then() {
    constexpr std::chrono::seconds kPause{10};
    const auto now = steady_clock::now();
    if (now - rest_noted_at_ < kPause) return;
    rest_noted_at_ = now;
    count_still_due();
  }

  /// Tells people what keeps the jobs waiting that this run leaves unclaimed.
  void note_holds(const Waiting& waiting) {
    std::vector<Hold> holds = waiting.holds;
    for (Hold& hold : breakers_.holds()) add_hold(holds, std::move(hold));
    // What this run did for a workspace shows what holds its other jobs.
    std::set<std::string> workspaces = served_;
    workspaces.insert(waiting.workspaces.begin(), waiting.workspaces.end());
    const auto noted =
        parts_.store.write_holds(holds,
                                 {workspaces.begin(), workspaces.end()},
                                 rules_.claim.filter.selects_all() && waiting.are_all);
    if (!noted) parts_.log.info("holds_not_noted", {{"reason", noted.error().message}});
  }

  void count_still_due() {
    if (tally_.database_lost()) return;
    auto waiting = claimer_.count_waiting();
    if (waiting) {
      summary_.still_due = waiting->due;
      summary_.oldest_due = waiting->oldest_due;
      summary_.throttled = waiting->throttled;
      summary_.held_back = waiting->held_back;
      note_holds(*waiting);
      summary_.breakers = std::move(waiting->breakers);
    } else {
      parts_.log.warn("count_failed", {{"reason", waiting.error().message}});
    }
    // The count misses breakers whose jobs this run has deferred: these jobs are not due now.
    for (NamedBreaker& refusing : breakers_.refusing()) {
      const bool is_there = std::ranges::any_of(summary_.breakers, [&](const HeldBack& one) {
        return one.by.peer.name == refusing.peer.name;
      });
      const Scope scope = refusing.breaker.scope;
      if (!is_there) summary_.breakers.push_back({.by = std::move(refusing), .scope = scope});
    }
  }

  const RunRules& rules_;
  const RunParts& parts_;
  const std::stop_token stopping_;
  Summary summary_;
  steady_clock::time_point rest_noted_at_;
  std::set<std::string> served_;  ///< workspaces of claimed jobs
  Tally tally_;
  LoopWatch watch_;
  StoreBatchers batchers_;
  LeaseKeeper leases_;
  Settler settler_;
  Breakers breakers_;
  Notices notices_;
  PipelineParts pipeline_parts_;
  Claimer claimer_;
  JobPool pool_;  // last, because its loops use all of the above
};

}  // namespace

Summary run_jobs(const RunRules& rules, const RunParts& parts) {
  return Run(rules, parts).run();
}

}  // namespace autoreply
