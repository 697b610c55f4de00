#include "run/settler.h"

#include <exception>
#include <string>

#include "run/store_batchers.h"
#include "settle/decide.h"

namespace autoreply {

void Settler::settle(const Ended& ended) {
  settle_all({ended});
}

void Settler::settle_all(const std::vector<Ended>& jobs) {
  std::vector<const Ended*> written;
  std::vector<Settlement> settlements;
  for (const Ended& ended : jobs) {
    leases_.let_go({ended.job.job.id, ended.job.token});
    if (ended.result.kind == AttemptResult::Kind::lost) {
      tally_.count_lost(ended.job.job.id);
      log_.warn("job_lost",
                {{"job", ended.job.job.id.value},
                 {"step", std::string(to_string(ended.result.step))},
                 {"reason", ended.result.reason}});
      continue;
    }
    // The boundary of a job: a defect costs it its settlement, and no other job anything.
    try {
      settlements.push_back(decide(ended.job, ended.result, ended.recorded, rules_, ended.noise));
    } catch (const std::exception& defect) {
      tally_.count_lost(ended.job.job.id);
      log_.error("settlement_failed", {{"job", ended.job.job.id.value}, {"reason", defect.what()}});
      continue;
    }
    written.push_back(&ended);
    if (ended.result.kind == AttemptResult::Kind::delivered) {
      settlements.back().answered = ended.answered;
    }
  }
  if (settlements.empty()) return;
  const Results<void> results = store_.settle_if_held(settlements);
  for (std::size_t at = 0; at < written.size(); ++at) {
    note(*written[at], settlements[at], results[at]);
  }
}

void Settler::note(const Ended& ended, const Settlement& settlement, const Result<void>& written) {
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
  tally_.count(ended.job.job.id, settlement.outcome, settlement.scope);
  const std::string attempt = std::to_string(ended.job.attempt);
  if (settlement.error) {
    log_.warn("job_settled",
              {{"job", id},
               {"outcome", std::string(to_string(settlement.outcome))},
               {"attempt", attempt},
               {"error", *settlement.error}});
  } else {
    log_.info("job_settled",
              {{"job", id},
               {"outcome", settlement.note.value_or(std::string(to_string(settlement.outcome)))},
               {"attempt", attempt}});
  }
}

}  // namespace autoreply
