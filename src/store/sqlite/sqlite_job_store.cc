#include "store/sqlite/sqlite_job_store.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "sql.h"
#include "store/batch_json.h"
#include "store/claim_procedure.h"
#include "store/schema.h"
#include "store/sqlite/sqlite_relations.h"
#include "store/sqlite/sqlite_session.h"
#include "store/sqlite/sqlite_statements.h"

namespace autoreply {
namespace {

using Tx = SqlTransaction;
using End = SqliteSession::End;

class SqliteClaim final : public ClaimStatements {
 public:
  SqliteClaim(Tx& tx, const SqliteStatements& statements)
      : ClaimStatements(tx, statements.claim), statements_(statements) {}

  /// One statement a workspace: SQLite takes no limit from a row of another table.
  std::vector<Candidates> candidates(std::span<const Ask> asks,
                                     const CandidateRules& rules) override {
    std::vector<Candidates> found;
    for (std::size_t place = 0; place < asks.size(); ++place) {
      found.push_back(parse_contacts(transaction().query(sql().candidates,
                                                         {{"ask", ask_json(asks[place], place)},
                                                          {"coalesce", rules.coalesce ? "1" : "0"},
                                                          {"job_filter", rules.filter}})));
    }
    return found;
  }

  std::vector<ClaimedJob> take(std::span<const std::string> ids,
                               const ClaimRequest& request) override {
    const std::string picked = transaction().query(
        statements_.picked,
        {{"picked", texts_json(ids)}, {"max_attempts", std::to_string(request.max_attempts)}});
    transaction().execute(statements_.take,
                          {{"picked", picked},
                           {"claim_token", request.token.value},
                           {"lease_ms", std::to_string(request.lease.count())}});
    return parse_claimed(picked, request);
  }

 private:
  const SqliteStatements& statements_;
};

class SqliteJobStore final : public JobStore {
 public:
  SqliteJobStore(std::unique_ptr<SqliteSession> session, const DatabaseConfig& config)
      : session_(std::move(session)),
        tables_(config.tables),
        message_types_(message_types_json(config.message_types)) {}

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

  Result<Claim> claim(const ClaimRequest& request) override {
    Claim claim;
    auto done = run([&](Tx& tx) { claim = take(tx, request); });
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
      const SqliteStatements& statements = prepared(tx);
      const std::string batch = held_batch(jobs);
      renewed = parse_ids(tx.query(statements.held, {{"batch", batch}}), jobs);
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
        written.recorded =
            parse_recorded(tx.query(statements.recorded, {{"batch", batch}}), records);
      }
      if (!settlements.empty()) {
        const std::string batch = settle_batch(settlements);
        written.settled = parse_ids(tx.query(statements.held, {{"batch", batch}}), settlements);
        tx.execute(statements.settle, {{"batch", batch}});
        const std::string answered = supersede_batch(settlements, written.settled);
        if (!answered.empty()) tx.execute(statements.supersede, {{"batch", answered}});
      }
    });
    if (!done) return fail(done.error());
    return written;
  }

  Result<std::vector<Breaker>> report(std::span<const BreakerReport> reports) override {
    std::vector<Breaker> states;
    auto done = run([&](Tx& tx) {
      // The transaction has the write lock, which is all the locking that a report needs.
      SqliteClaim statements(tx, prepared(tx));
      states = count_reports(reports, statements);
    });
    if (!done) return fail(done.error());
    return states;
  }

  Result<Waiting> count_waiting(const ClaimRequest& request) override {
    Waiting waiting;
    auto done = session_->in_read_transaction([&](Tx& tx) {
      SqliteClaim statements(tx, prepared(tx));
      waiting = count_waiting_jobs(request, statements);
    });
    if (!done) return fail(done.error());
    return waiting;
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

  Result<std::vector<Preview>> preview(const ClaimRequest& request) override {
    std::vector<Preview> previews;
    auto done = run(
        [&](Tx& tx) {
          const std::vector<ClaimedJob> jobs = take(tx, request).jobs;
          previews = join_previews(jobs, begin_jobs(tx, start_requests(jobs, request.lease)));
        },
        End::roll_back);
    if (!done) return fail(done.error());
    return previews;
  }

 private:
  Result<void> run(const std::function<void(Tx&)>& body, End end = End::commit) {
    return session_->in_transaction(end, body);
  }

  /// The statements depend on which columns the host's tables have, read at first use.
  const SqliteStatements& prepared(Tx& tx) {
    if (!statements_) statements_.emplace(tables_, read_host_columns(tx, tables_));
    return *statements_;
  }

  Claim take(Tx& tx, const ClaimRequest& request) {
    const SqliteStatements& statements = prepared(tx);
    tx.execute(statements.forget_claims);
    SqliteClaim claim(tx, statements);
    return claim_jobs(request, claim);
  }

  std::vector<std::optional<JobContext>> begin_jobs(Tx& tx,
                                                    std::span<const StartRequest> requests) {
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
  std::optional<SqliteStatements> statements_;
};

}  // namespace

Result<std::unique_ptr<JobStore>> open_sqlite_store(const std::string& path,
                                                    const DatabaseConfig& config) {
  auto session = SqliteSession::open(path, SqliteSession::Missing::refuse);
  if (!session) return fail(session.error());
  return std::make_unique<SqliteJobStore>(std::move(*session), config);
}

}  // namespace autoreply
