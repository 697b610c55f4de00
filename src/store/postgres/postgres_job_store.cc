#include "store/postgres/postgres_job_store.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "sql.h"
#include "store/batch_json.h"
#include "store/careful_claims.h"
#include "store/claim_json.h"
#include "store/host_check.h"
#include "store/postgres/postgres_session.h"
#include "store/postgres/postgres_statements.h"
#include "store/schema.h"
#include "store/sql_claim_statements.h"
#include "store/superseded.h"

namespace autoreply {
namespace {

using Tx = SqlTransaction;
using End = PostgresSession::End;

/// A process that freezes while it holds the claim lock stops all others for so long.
constexpr std::chrono::milliseconds kClaimIdleMax{3'000};

using Starter = std::function<Results<JobContext>(std::span<const StartRequest>)>;

class PostgresClaim final : public SqlClaimStatements {
 public:
  PostgresClaim(Tx& tx, const PostgresStatements& statements, CarefulClaims& careful, Starter start)
      : SqlClaimStatements(tx, statements.claim, careful),
        statements_(statements),
        start_(std::move(start)) {}

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
                                                 {"job_filter", filter_of(rules)}}));
  }

  Results<JobContext> start(std::span<const StartRequest> requests) override {
    return start_(requests);
  }

 private:
  std::string take_part(std::span<const std::string> ids, const ClaimTerm& term) override {
    return transaction().query(statements_.take,
                               {{"picked", texts_json(ids)},
                                {"max_attempts", std::to_string(term.max_attempts)},
                                {"claim_token", term.token.value},
                                {"lease_ms", std::to_string(term.lease.count())}});
  }

  const PostgresStatements& statements_;
  Starter start_;
};

class PostgresJobStore final : public JobStore {
 public:
  PostgresJobStore(std::unique_ptr<PostgresSession> session, const DatabaseConfig& config)
      : session_(std::move(session)),
        tables_(config.tables),
        message_types_(message_types_json(config.message_types)),
        reply_chars_max_(config.reply_chars_max) {}

  Result<void> check_ready() override {
    Result<Readiness> readiness;
    int version = 0;
    auto done = session_->in_transaction(TransactionLimits{}, End::roll_back, [&](Tx& tx) {
      const PostgresStatements& statements = prepared(tx);
      readiness = parse_readiness(tx.query(statements.check_ready));
      const bool migrated = readiness && readiness->schema_table && readiness->schema_readable;
      version = migrated ? std::stoi(tx.query(statements.schema_version)) : 0;
    });
    if (!done) return done;
    if (!readiness) return fail(readiness.error());
    return judge_readiness(*readiness, version);
  }

  Result<void> check_host() override {
    Result<void> fits;
    auto done = session_->in_transaction(
        TransactionLimits{}, End::roll_back, [&](Tx& tx) { fits = judged_host(tx); });
    return done ? fits : done;
  }

  Result<std::vector<RefusedJob>> claim(const ClaimBody& body) override {
    return careful_.claim(
        [&] {
          return session_->in_transaction({.idle = kClaimIdleMax, .by_index = true},
                                          End::commit,
                                          [&](Tx& tx) { take(tx, body); });
        },
        [this] { return check_host(); });
  }

  Result<void> preview_claim(const ClaimBody& body) override {
    const auto done = careful_.claim(
        [&] {
          return session_->in_transaction({.idle = kClaimIdleMax, .by_index = true},
                                          End::roll_back,
                                          [&](Tx& tx) { take(tx, body); });
        },
        [this] { return check_host(); });
    if (!done) return fail(done.error());
    return {};
  }

  Result<void> read_claims(const ClaimBody& body) override {
    return judged(session_->in_transaction({.by_index = true}, End::roll_back, [&](Tx& tx) {
      PostgresClaim statements = claim_statements(tx);
      body(statements);
    }));
  }

  Result<Results<JobContext>> start(std::span<const StartRequest> requests) override {
    Results<JobContext> contexts;
    auto done = run([&](Tx& tx) { contexts = begin_jobs(tx, requests); });
    if (!done) return fail(done.error());
    return contexts;
  }

  Result<std::vector<bool>> renew(std::span<const HeldJob> jobs,
                                  std::chrono::milliseconds lease) override {
    std::vector<bool> renewed;
    auto done = run([&](Tx& tx) {
      renewed = parse_renewed(
          tx.query(prepared(tx).renew,
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
      const PostgresStatements& statements = prepared(tx);
      if (!records.empty()) {
        written.recorded = parse_recorded(
            tx.query(statements.record,
                     {{"batch", record_batch(records)}, {"message_types", message_types_}}),
            records);
      }
      if (!settlements.empty()) {
        written.settled = parse_settled(
            tx.query(statements.settle, {{"batch", settle_batch(settlements)}}), settlements);
        end_superseded(tx, statements.supersede, settlements, written.settled);
      }
    });
    if (!done) return fail(done.error());
    return written;
  }

  Result<void> update_breakers(const std::function<void(BreakerStatements&)>& body) override {
    return run([&](Tx& tx) {
      PostgresClaim statements = claim_statements(tx);
      body(statements);
    });
  }

  Result<void> note_accepted(std::span<const AcceptedPeer> peers) override {
    return run([&](Tx& tx) {
      tx.execute(prepared(tx).note_accepted, {{"batch", accepted_json(peers)}});
    });
  }

  Result<std::vector<JobId>> put_back(std::span<const WrongedJob> jobs,
                                      const std::string& reason) override {
    std::vector<JobId> ids;
    auto done = run([&](Tx& tx) {
      ids = job_ids(parse_texts(
          tx.query(prepared(tx).put_back, {{"batch", wronged_json(jobs)}, {"reason", reason}})));
    });
    if (!done) return fail(done.error());
    return ids;
  }

  Result<void> drop_stale_breakers() override {
    return run([&](Tx& tx) { tx.execute(prepared(tx).drop_stale_breakers); });
  }

  Result<bool> forget_breaker(const std::string& name) override {
    bool was_there = false;
    auto done = run([&](Tx& tx) {
      was_there = !tx.query(prepared(tx).forget_breaker, {{"name", name}}).empty();
    });
    if (!done) return fail(done.error());
    return was_there;
  }

  Result<void> write_run(const RunRow& row) override {
    return run([&](Tx& tx) {
      tx.execute(prepared(tx).write_run,
                 {{"run_id", row.run_id},
                  {"version", row.version},
                  {"host", row.host},
                  {"duration_ms", std::to_string(row.duration_ms)},
                  {"exit_status", std::to_string(row.exit_status)},
                  {"summary", row.summary_json}});
    });
  }

 private:
  Result<void> run(const std::function<void(Tx&)>& body) {
    return judged(session_->in_transaction(TransactionLimits{}, End::commit, body));
  }

  /// A host's trigger may raise anything, so what looks like a table that does not fit is believed
  /// only if the catalog says so.
  Result<void> judged(const Result<void>& done) {
    if (done || done.error().kind != ErrorKind::misconfigured) return done;
    if (auto fits = check_host(); !fits) return fits;
    return fail(ErrorKind::refused, done.error().message);
  }

  /// The statements name what is found in the database at first use.
  const PostgresStatements& prepared(Tx& tx) {
    if (!statements_) statements_.emplace(place_tables(tx, tables_));
    return *statements_;
  }

  Result<void> judged_host(Tx& tx) {
    return judge_host(parse_host(tx.query(prepared(tx).read_host)),
                      tables_,
                      HostCheck::for_run,
                      reply_chars_max_);
  }

  PostgresClaim claim_statements(Tx& tx) {
    return {tx, prepared(tx), careful_, [this, &tx](std::span<const StartRequest> requests) {
              return begin_jobs(tx, requests);
            }};
  }

  void take(Tx& tx, const ClaimBody& body) {
    const PostgresStatements& statements = prepared(tx);
    tx.query(statements.claim_lock);
    forget_claims(tx, statements);
    PostgresClaim claim = claim_statements(tx);
    claim.before_taking([&] {
      if (host_fits_) return;
      if (auto fits = judged_host(tx); !fits) throw HostMisfit(fits.error());
      host_fits_ = true;
    });
    body(claim);
  }

  void forget_claims(Tx& tx, const PostgresStatements& statements) {
    if (!careful_.are_careful()) {
      tx.execute(statements.forget_claims);
      return;
    }
    const std::vector<std::string> ids = parse_texts(tx.query(statements.forgettable));
    careful_.change(tx, ids, [&](std::span<const std::string> part) {
      tx.execute(statements.forget_claims_of, {{"only", texts_json(part)}});
    });
  }

  Results<JobContext> begin_jobs(Tx& tx, std::span<const StartRequest> requests) {
    const PostgresStatements& statements = prepared(tx);
    auto contexts = parse_contexts(
        tx.query(statements.start,
                 {{"batch", start_batch(requests)}, {"message_types", message_types_}}),
        requests);
    const std::vector<HeldJob> doubtful = jobs_in_doubt(requests);
    if (!doubtful.empty()) {
      note_deliveries(tx.query(statements.find_deliveries, {{"batch", held_batch(doubtful)}}),
                      requests,
                      contexts);
    }
    return contexts;
  }

  std::unique_ptr<PostgresSession> session_;
  TableNames tables_;
  std::string message_types_;
  int reply_chars_max_;
  std::optional<PostgresStatements> statements_;
  CarefulClaims careful_;
  bool host_fits_ = false;
};

}  // namespace

Result<std::unique_ptr<JobStore>> open_postgres_store(const DatabaseConfig& config) {
  auto session = PostgresSession::open(
      config.url, config.outage ? config.outage : std::make_shared<OutageClock>(config.wait));
  if (!session) return fail(session.error());
  return std::make_unique<PostgresJobStore>(std::move(*session), config);
}

}  // namespace autoreply
