#include "store/postgres/postgres_job_store.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "sql.h"
#include "store/batch_json.h"
#include "store/claim_procedure.h"
#include "store/postgres/postgres_session.h"
#include "store/postgres/postgres_statements.h"
#include "store/schema.h"

namespace autoreply {
namespace {

using Tx = SqlTransaction;
using End = PostgresSession::End;

/// A process that freezes while it holds the claim lock stops all others for so long.
constexpr std::chrono::milliseconds kClaimIdleMax{3'000};

class PostgresClaim final : public ClaimStatements {
 public:
  PostgresClaim(Tx& tx, const PostgresStatements& statements)
      : ClaimStatements(tx, statements.claim), take_(statements.take) {}

  std::vector<Candidates> candidates(std::span<const Ask> asks,
                                     const CandidateRules& rules) override {
    std::string batch = "[";
    for (std::size_t place = 0; place < asks.size(); ++place) {
      if (place > 0) batch += ',';
      batch += ask_json(asks[place], place);
    }
    return parse_candidates(transaction().query(sql().candidates,
                                                {{"asks", batch + "]"},
                                                 {"coalesce", rules.coalesce ? "1" : "0"},
                                                 {"job_filter", rules.filter}}));
  }

  std::vector<ClaimedJob> take(std::span<const std::string> ids,
                               const ClaimRequest& request) override {
    return parse_claimed(
        transaction().query(take_,
                            {{"picked", texts_json(ids)},
                             {"max_attempts", std::to_string(request.max_attempts)},
                             {"claim_token", request.token.value},
                             {"lease_ms", std::to_string(request.lease.count())}}),
        request);
  }

 private:
  const std::string& take_;
};

class PostgresJobStore final : public JobStore {
 public:
  PostgresJobStore(std::unique_ptr<PostgresSession> session, const DatabaseConfig& config)
      : session_(std::move(session)),
        statements_(config.tables),
        message_types_(message_types_json(config.message_types)) {}

  Result<void> check_ready() override {
    std::string answer;
    if (auto done = read([&](Tx& tx) { answer = tx.query(statements_.check_ready, {}); }); !done) {
      return done;
    }
    auto readiness = parse_readiness(answer);
    if (!readiness) return fail(readiness.error());
    int version = 0;
    if (readiness->schema_table) {
      if (auto done = read(
              [&](Tx& tx) { version = std::stoi(tx.query(sql::postgres_schema_version, {})); });
          !done) {
        return done;
      }
    }
    return judge_readiness(*readiness, version);
  }

  Result<Claim> claim(const ClaimRequest& request) override {
    Claim claim;
    auto done = session_->in_transaction({.idle = kClaimIdleMax, .by_index = true},
                                         End::commit,
                                         [&](Tx& tx) { claim = take(tx, request); });
    if (!done) return fail(done.error());
    return claim;
  }

  Result<std::vector<std::optional<JobContext>>> start(
      std::span<const StartRequest> requests) override {
    std::vector<std::optional<JobContext>> contexts;
    auto done = run([&](Tx& tx) { contexts = begin_jobs(tx, requests); });
    if (!done) return fail(done.error());
    return contexts;
  }

  Result<std::vector<bool>> renew(std::span<const HeldJob> jobs,
                                  std::chrono::milliseconds lease) override {
    std::vector<bool> renewed;
    auto done = run([&](Tx& tx) {
      renewed = parse_ids(
          tx.query(statements_.renew,
                   {{"batch", held_batch(jobs)}, {"lease_ms", std::to_string(lease.count())}}),
          jobs);
    });
    if (!done) return fail(done.error());
    return renewed;
  }

  Result<Written> write(std::span<const RecordRequest> records,
                        std::span<const Settlement> settlements) override {
    Written written;
    auto done = run([&](Tx& tx) {
      written = {};
      if (!records.empty()) {
        written.recorded = parse_recorded(
            tx.query(statements_.record, {{"batch", record_batch(records)}}), records);
      }
      if (!settlements.empty()) {
        written.settled = parse_ids(
            tx.query(statements_.settle, {{"batch", settle_batch(settlements)}}), settlements);
        const std::string answered = supersede_batch(settlements, written.settled);
        if (!answered.empty()) tx.execute(statements_.supersede, {{"batch", answered}});
      }
    });
    if (!done) return fail(done.error());
    return written;
  }

  Result<std::vector<Breaker>> report(std::span<const BreakerReport> reports) override {
    std::vector<Breaker> states;
    auto done = run([&](Tx& tx) {
      PostgresClaim statements(tx, statements_);
      states = count_reports(reports, statements);
    });
    if (!done) return fail(done.error());
    return states;
  }

  Result<Waiting> count_waiting(const ClaimRequest& request) override {
    Waiting waiting;
    auto done = session_->in_transaction({.by_index = true}, End::roll_back, [&](Tx& tx) {
      PostgresClaim statements(tx, statements_);
      waiting = count_waiting_jobs(request, statements);
    });
    if (!done) return fail(done.error());
    return waiting;
  }

  Result<void> write_run(const RunRow& row) override {
    return run([&](Tx& tx) {
      tx.execute(sql::postgres_write_run,
                 {{"run_id", row.run_id},
                  {"version", row.version},
                  {"host", row.host},
                  {"duration_ms", std::to_string(row.duration_ms)},
                  {"exit_status", std::to_string(row.exit_status)},
                  {"summary", row.summary_json}});
    });
  }

  Result<std::vector<Preview>> preview(const ClaimRequest& request) override {
    std::vector<Preview> previews;
    auto done = session_->in_transaction(
        {.idle = kClaimIdleMax, .by_index = true}, End::roll_back, [&](Tx& tx) {
          const std::vector<ClaimedJob> jobs = take(tx, request).jobs;
          previews = join_previews(jobs, begin_jobs(tx, start_requests(jobs, request.lease)));
        });
    if (!done) return fail(done.error());
    return previews;
  }

 private:
  Result<void> run(const std::function<void(Tx&)>& body) {
    return session_->in_transaction(TransactionLimits{}, End::commit, body);
  }

  /// For a body that only reads.
  Result<void> read(const std::function<void(Tx&)>& body) {
    return session_->in_transaction(TransactionLimits{}, End::roll_back, body);
  }

  Claim take(Tx& tx, const ClaimRequest& request) const {
    tx.query(statements_.claim_lock);
    tx.execute(statements_.forget_claims);
    PostgresClaim claim(tx, statements_);
    return claim_jobs(request, claim);
  }

  std::vector<std::optional<JobContext>> begin_jobs(Tx& tx,
                                                    std::span<const StartRequest> requests) const {
    auto contexts = parse_contexts(
        tx.query(statements_.start,
                 {{"batch", start_batch(requests)}, {"message_types", message_types_}}),
        requests);
    const std::vector<HeldJob> doubtful = jobs_in_doubt(requests);
    if (!doubtful.empty()) {
      note_deliveries(tx.query(statements_.find_deliveries, {{"batch", held_batch(doubtful)}}),
                      requests,
                      contexts);
    }
    return contexts;
  }

  std::unique_ptr<PostgresSession> session_;
  PostgresStatements statements_;
  std::string message_types_;
};

}  // namespace

Result<std::unique_ptr<JobStore>> open_postgres_store(const DatabaseConfig& config) {
  auto session = PostgresSession::open(
      config.url, config.outage ? config.outage : std::make_shared<OutageClock>(config.wait));
  if (!session) return fail(session.error());
  return std::make_unique<PostgresJobStore>(std::move(*session), config);
}

}  // namespace autoreply
