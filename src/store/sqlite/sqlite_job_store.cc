#include "store/sqlite/sqlite_job_store.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>
#include <utility>

#include "sql.h"
#include "store/batch_json.h"
#include "store/careful_claims.h"
#include "store/claim_json.h"
#include "store/host_check.h"
#include "store/schema.h"
#include "store/sql_claim_statements.h"
#include "store/sqlite/sqlite_relations.h"
#include "store/sqlite/sqlite_session.h"
#include "store/sqlite/sqlite_statements.h"
#include "store/superseded.h"

namespace autoreply {
namespace {

using Tx = SqlTransaction;
using End = SqliteSession::End;

using Starter = std::function<Results<JobContext>(std::span<const StartRequest>)>;

class SqliteClaim final : public SqlClaimStatements {
 public:
  SqliteClaim(Tx& tx, const SqliteStatements& statements, CarefulClaims& careful, Starter start)
      : SqlClaimStatements(tx, statements.claim, careful),
        statements_(statements),
        start_(std::move(start)) {}

  /// One statement a workspace: SQLite takes no limit from a row of another table.
  std::vector<Candidates> candidates(std::span<const Ask> asks,
                                     const CandidateRules& rules) override {
    std::vector<Candidates> found;
    for (std::size_t place = 0; place < asks.size(); ++place) {
      found.push_back(parse_contacts(transaction().query(sql().candidates,
                                                         {{"ask", ask_json(asks[place], place)},
                                                          {"coalesce", rules.coalesce ? "1" : "0"},
                                                          {"job_filter", filter_of(rules)}})));
    }
    return found;
  }

  Results<JobContext> start(std::span<const StartRequest> requests) override {
    return start_(requests);
  }

 private:
  std::string take_part(std::span<const std::string> ids, const ClaimTerm& term) override {
    const std::string picked = transaction().query(
        statements_.picked,
        {{"picked", texts_json(ids)}, {"max_attempts", std::to_string(term.max_attempts)}});
    transaction().execute(statements_.take,
                          {{"picked", picked},
                           {"claim_token", term.token.value},
                           {"lease_ms", std::to_string(term.lease.count())}});
    return picked;
  }

  const SqliteStatements& statements_;
  Starter start_;
};

class SqliteJobStore final : public JobStore {
 public:
  SqliteJobStore(std::unique_ptr<SqliteSession> session, const DatabaseConfig& config)
      : session_(std::move(session)),
        tables_(config.tables),
        message_types_(message_types_json(config.message_types)),
        reply_chars_max_(config.reply_chars_max) {}

  Result<void> check_ready() override {
    std::optional<Relations> relations;
    int version = 0;
    auto done = session_->in_read_transaction([&](Tx& tx) {
      relations = read_relations(tx, tables_);
      if (relations->schema_table) version = std::stoi(tx.query(sql::sqlite_schema_version));
    });
    if (!done) return done;
    return judge_readiness({relations->schema_table, relations->missing, {}}, version);
  }

  Result<void> check_host() override {
    Result<void> fits;
    auto done = session_->in_read_transaction([&](Tx& tx) { fits = judged_host(tx); });
    return done ? fits : done;
  }

  Result<std::vector<RefusedJob>> claim(const ClaimBody& body) override {
    return careful_.claim(
        [&] { return session_->in_transaction(End::commit, [&](Tx& tx) { take(tx, body); }); },
        [this] { return check_host(); });
  }

  Result<void> preview_claim(const ClaimBody& body) override {
    const auto done = careful_.claim(
        [&] { return session_->in_transaction(End::roll_back, [&](Tx& tx) { take(tx, body); }); },
        [this] { return check_host(); });
    if (!done) return fail(done.error());
    return {};
  }

  Result<void> read_claims(const ClaimBody& body) override {
    return judged(session_->in_read_transaction([&](Tx& tx) {
      SqliteClaim statements = claim_statements(tx);
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
      const SqliteStatements& statements = prepared(tx);
      const std::string batch = held_batch(jobs);
      renewed = parse_renewed(tx.query(statements.held, {{"batch", batch}}), jobs);
      tx.execute(statements.renew, {{"batch", batch}, {"lease_ms", std::to_string(lease.count())}});
    });
    if (!done) return fail(done.error());
    return renewed;
  }

  Result<Written> write(std::span<const RecordRequest> records,
                        std::span<const Settlement> settlements) override {
    Written written;
    auto done = run([&](Tx& tx) {
      written = {};
      const SqliteStatements& statements = prepared(tx);
      if (!records.empty()) {
        const std::string batch = record_batch(records);
        tx.execute(statements.record_log, {{"batch", batch}});
        tx.execute(statements.note_transmissions, {{"batch", batch}});
        written.recorded = parse_recorded(
            tx.query(statements.recorded, {{"batch", batch}, {"message_types", message_types_}}),
            records);
      }
      if (!settlements.empty()) {
        const std::string batch = settle_batch(settlements);
        written.settled = parse_settled(tx.query(statements.held, {{"batch", batch}}), settlements);
        tx.execute(statements.settle, {{"batch", batch}});
        end_superseded(tx, statements.supersede, settlements, written.settled);
      }
    });
    if (!done) return fail(done.error());
    return written;
  }

  Result<void> update_breakers(const std::function<void(BreakerStatements&)>& body) override {
    return run([&](Tx& tx) {
      SqliteClaim statements = claim_statements(tx);
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
      const SqliteStatements& statements = prepared(tx);
      const std::string batch = wronged_json(jobs);
      const std::string found = tx.query(statements.wronged, {{"batch", batch}});
      tx.execute(statements.put_back, {{"batch", batch}, {"ids", found}, {"reason", reason}});
      ids = job_ids(parse_texts(found));
    });
    if (!done) return fail(done.error());
    return ids;
  }

  Result<void> drop_stale_breakers() override {
    return run([](Tx& tx) { tx.execute(sql::sqlite_drop_stale_breakers); });
  }

  Result<bool> forget_breaker(const std::string& name) override {
    bool was_there = false;
    auto done = run([&](Tx& tx) {
      was_there = !tx.query(sql::sqlite_forget_breaker, {{"name", name}}).empty();
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
    return judged(session_->in_transaction(End::commit, body));
  }

  /// A host's trigger may raise anything, so what looks like a table that does not fit is believed
  /// only if the schema says so.
  Result<void> judged(const Result<void>& done) {
    if (done || done.error().kind != ErrorKind::misconfigured) return done;
    if (auto fits = check_host(); !fits) return fits;
    return fail(ErrorKind::refused, done.error().message);
  }

  Result<void> judged_host(Tx& tx) const {
    return judge_host(read_host(tx, tables_), tables_, HostCheck::for_run, reply_chars_max_);
  }

  /// The statements depend on which columns the host's tables have, read at first use.
  const SqliteStatements& prepared(Tx& tx) {
    if (!statements_) statements_.emplace(tables_, read_host_columns(tx, tables_));
    return *statements_;
  }

  SqliteClaim claim_statements(Tx& tx) {
    return {tx, prepared(tx), careful_, [this, &tx](std::span<const StartRequest> requests) {
              return begin_jobs(tx, requests);
            }};
  }

  void take(Tx& tx, const ClaimBody& body) {
    const SqliteStatements& statements = prepared(tx);
    forget_claims(tx, statements);
    SqliteClaim claim = claim_statements(tx);
    claim.before_taking([&] {
      if (host_fits_) return;
      if (auto fits = judged_host(tx); !fits) throw HostMisfit(fits.error());
      host_fits_ = true;
    });
    body(claim);
  }

  void forget_claims(Tx& tx, const SqliteStatements& statements) {
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
    const SqliteStatements& statements = prepared(tx);
    const std::string batch = start_batch(requests);
    tx.execute(statements.mark_started, {{"batch", batch}});
    auto contexts = parse_contexts(
        tx.query(statements.start, {{"batch", batch}, {"message_types", message_types_}}),
        requests);
    const std::vector<HeldJob> doubtful = jobs_in_doubt(requests);
    if (!doubtful.empty()) {
      note_deliveries(tx.query(statements.find_deliveries, {{"batch", held_batch(doubtful)}}),
                      requests,
                      contexts);
    }
    return contexts;
  }

  std::unique_ptr<SqliteSession> session_;
  TableNames tables_;
  std::string message_types_;
  int reply_chars_max_;
  std::optional<SqliteStatements> statements_;
  CarefulClaims careful_;
  bool host_fits_ = false;
};

}  // namespace

Result<std::unique_ptr<JobStore>> open_sqlite_store(const std::string& path,
                                                    const DatabaseConfig& config) {
  auto session = SqliteSession::open(path, SqliteSession::Missing::refuse);
  if (!session) return fail(session.error());
  return std::make_unique<SqliteJobStore>(std::move(*session), config);
}

}  // namespace autoreply
