#include "run/settler.h"

#include <cstddef>
#include <exception>
#include <latch>
#include <memory>
#include <string>
#include <utility>

#include "run/store_batchers.h"
#include "settle/decide.h"

namespace autoreply {
namespace {

/// As in `OutcomeReason`: one of a few texts.
std::string reason_of(const AttemptResult& result, const Settlement& settlement) {
  switch (settlement.outcome) {
    case Outcome::completed:
      return "";
    case Outcome::skipped:
      return result.reason;
    case Outcome::deferred:
      return std::string(to_string(
          settlement.waits_for == WaitsFor::nothing ? WaitsFor::breaker : settlement.waits_for));
    case Outcome::retried:
    case Outcome::failed:
    case Outcome::released:
      break;
  }
  return std::string(to_string(result.step));
}

}  // namespace

void Settler::settle(Ended ended) {
  std::vector<Ended> alone;
  alone.push_back(std::move(ended));
  write(std::move(alone), on_settled_);
}

void Settler::settle_all(std::vector<Ended> jobs) {
  // Shared, because an exception may end this call before the last job is settled.
  const auto unsettled = std::make_shared<std::latch>(static_cast<std::ptrdiff_t>(jobs.size()));
  write(std::move(jobs), [unsettled] { unsettled->count_down(); });
  unsettled->wait();
}

void Settler::write(std::vector<Ended> jobs, const std::function<void()>& on_settled) {
  const auto leave = [this, on_settled](const ClaimedJob& job) {
    leases_.let_go({job.job.id, job.token});
    on_settled();
  };
  std::vector<StoreBatchers::ToSettle> to_settle;
  for (Ended& ended : jobs) {
    if (ended.result.kind == AttemptResult::Kind::lost) {
      tally_.count_lost(ended.job.job.id);
      log_.warn("job_lost",
                {{"job", ended.job.job.id.value},
                 {"step", std::string(to_string(ended.result.step))},
                 {"reason", ended.result.reason}});
      leave(ended.job);
      continue;
    }
    Settlement settlement;
    // The boundary of a job: a defect costs it its settlement, and no other job anything.
    try {
      settlement = decide(ended.job, ended.result, ended.recorded, rules_, ended.noise);
    } catch (const std::exception& defect) {
      tally_.count_lost(ended.job.job.id);
      log_.error("settlement_failed", {{"job", ended.job.job.id.value}, {"reason", defect.what()}});
      leave(ended.job);
      continue;
    }
    if (ended.result.kind == AttemptResult::Kind::delivered) {
      settlement.answered = std::move(ended.answered);
    }
    settlement.spent = std::move(ended.spent);
    to_settle.push_back({.settlement = settlement,
                         .written = [this, leave, ended = std::move(ended), settlement](
                                        const Result<void>& written) {
                           note(ended, settlement, written);
                           leave(ended.job);
                         }});
  }
  store_.settle_if_held(std::move(to_settle));
}

void Settler::note(const Ended& ended,
                   const Settlement& settlement,
                   const Result<void>& written) noexcept {
  const std::string& id = ended.job.job.id.value;
  if (!written) {
    switch (written.error().kind) {
      case ErrorKind::unavailable:
        tally_.note_database_lost();
        tally_.count_lost(ended.job.job.id);
        break;
      case ErrorKind::token_lost:
        tally_.count_lost(ended.job.job.id);
        log_.warn("job_lost", {{"job", id}, {"step", "settle"}});
        return;
      case ErrorKind::busy:           // a lock is not a refusal: a later run settles the job
      case ErrorKind::misconfigured:  // the operator must fix the tables first
        tally_.count_lost(ended.job.job.id);
        break;
      case ErrorKind::refused:
      case ErrorKind::internal:
        tally_.count_refused(ended.job.job.id);
        break;
    }
    log_.error("settlement_failed", {{"job", id}, {"reason", written.error().message}});
    return;
  }
  tally_.count(
      ended.job.job.id, settlement.outcome, reason_of(ended.result, settlement), settlement.scope);
  if (is_planned(settlement.waits_for)) tally_.note_planned(ended.job.job.id);
  const std::string outcome =
      settlement.error ? std::string(to_string(settlement.outcome))
                       : settlement.note.value_or(std::string(to_string(settlement.outcome)));
  const Job& job = ended.job.job;
  const bool is_well = !settlement.error;
  if (settlement.outcome == Outcome::completed) tally_.add_segments(ended.segments);
  const auto write = is_well ? &Log::info : &Log::warn;
  (log_.*write)(
      "job_settled",
      {{"job", id},
       {"workspace", job.workspace_id},
       {"contact", job.contact_id},
       {"outcome", outcome},
       {"attempt", ended.job.attempt},
       {"provider", ended.provider},
       {"model", ended.model},
       {"duration_ms", ended.duration.count()},
       is_well ? LogField{"segments", ended.segments} : LogField{"error", *settlement.error}});
}

}  // namespace autoreply
