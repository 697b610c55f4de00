#include "store/sql_job_store.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "store/batch_answers.h"
#include "store/batch_json.h"
#include "store/breaker_json.h"
#include "store/careful_claims.h"
#include "store/claim_json.h"
#include "store/distant_messages.h"
#include "store/host_check.h"
#include "store/job_calls.h"
#include "store/readiness.h"
#include "store/schema.h"
#include "store/sql_claim_statements.h"
#include "store/superseded.h"

namespace autoreply {
namespace {

using Tx = SqlTransaction;
using Purpose = SqlDatabase::Purpose;

class SqlJobStore final : public JobStore {
 public:
  SqlJobStore(std::unique_ptr<SqlDatabase> database, const DatabaseConfig& config)
      : database_(std::move(database)),
        tables_(config.tables),
        conversation_{message_types_json(config.message_types),
                      std::to_string(config.context_messages)},
        run_(config.run),
        reply_chars_max_(config.reply_chars_max) {}

  Result<Idleness> look() override {
    const std::array<SqlParameter, 2> schema{
        {{"schema_version", std::to_string(kSchema.version)},
         {"schema_revision", std::to_string(kSchema.revision)}}};
    const std::array<SqlParameter, 2> run{{{"version", run_.version}, {"host", run_.host}}};
    return database_->ask_idle(schema, run).map([](const std::string& answer) {
      if (answer == "idle") return Idleness::idle;
      if (answer == "workspace") return Idleness::workspace_refused;
      return answer == "operator" ? Idleness::operator_refused : Idleness::busy;
    });
  }

  Result<void> check_ready() override { return check_readiness(*database_); }

  Result<void> check_host() override {
    Result<void> fits;
    auto done = database_->transact(Purpose::check, [&](Tx& tx) { fits = judged_host(tx); });
    return done ? fits : done;
  }

  Result<std::vector<RefusedJob>> claim(const ClaimBody& body) override {
    return claim_as(Purpose::claim, body);
  }

  Result<void> preview_claim(const ClaimBody& body) override {
    const auto done = claim_as(Purpose::preview, body);
    if (!done) return fail(done.error());
    return {};
  }

  Result<void> read_claims(const ClaimBody& body) override {
    return judged(database_->transact(Purpose::read, [&](Tx& tx) {
      SqlClaimStatements statements = claim_statements(tx);
      body(statements);
    }));
  }

  Result<void> update_breakers(const BreakersToLock& wanted, const BreakerBody& body) override {
    return write([&](Tx& tx) {
      SqlClaimStatements statements = claim_statements(tx);
      const std::vector<NamedBreaker> changed = body(statements.lock_breakers(wanted));
      if (!changed.empty()) statements.write_breakers(changed);
    });
  }

  Result<Results<JobContext>> start(std::span<const StartRequest> requests) override {
    // If the server forgets the mark, the next claim takes the attempt for one that never began. A
    // reply is sent only after its record, whose commit makes this write durable as well.
    return contexts_of(requests,
                       [this](std::span<const StartRequest> part,
                              const MessageTimes& times) -> Result<Results<JobContext>> {
                         auto answers = run_together(Purpose::mark, [&](const Statements& sql) {
                           return start_calls(sql, part, conversation_, times);
                         });
                         if (!answers) return fail(answers.error());
                         return parse_started(*answers, part);
                       });
  }

  Result<std::vector<bool>> renew(std::span<const HeldJob> jobs,
                                  std::chrono::milliseconds lease) override {
    const auto answers = run_together(Purpose::write, [&](const Statements& sql) {
      return std::vector<SqlCall>{{sql.renew,
                                   {{"batch", held_batch(jobs)},
                                    {"lease_ms", std::to_string(lease.count())},
                                    {"run_id", run_.id}}}};
    });
    if (!answers) return fail(answers.error());
    return parse_renewed(answers->front(), jobs);
  }

  Result<Written> write(std::span<const RecordRequest> records,
                        std::span<const Settlement> settlements) override {
    const auto answers = run_together(Purpose::write, [&](const Statements& sql) {
      return write_calls(sql, records, settlements, conversation_);
    });
    Written written;
    if (answers) {
      if (!records.empty()) written.recorded = parse_recorded(answers->front(), records);
      if (!settlements.empty()) written.settled = parse_settled(answers->back(), settlements);
    } else if (records.empty() && settlements.size() == 1 &&
               !settlements.front().answered.empty() &&
               (answers.error().kind == ErrorKind::refused ||
                answers.error().kind == ErrorKind::internal)) {
      // The caller halves a refused batch until one settlement is left.
      return settle_alone(settlements.front());
    } else {
      return fail(answers.error());
    }
    if (database_->has_lost_answers()) find_settled(settlements, written.settled);
    return written;
  }

  Result<void> note_accepted(std::span<const AcceptedPeer> peers) override {
    return write([&](Tx& tx) { tx.run(sql(tx).note_accepted, {{"batch", accepted_json(peers)}}); });
  }

  Result<std::vector<JobId>> put_back(std::span<const WrongedJob> jobs,
                                      const std::string& reason) override {
    return written<std::vector<JobId>>([&](Tx& tx) {
      return job_ids(parse_texts(
          tx.run(sql(tx).put_back, {{"batch", wronged_json(jobs)}, {"reason", reason}})));
    });
  }

  Result<void> drop_stale_rows() override {
    return write([&](Tx& tx) {
      tx.run(sql(tx).drop_stale_breakers);
      tx.run(sql(tx).drop_stale_spending);
      tx.run(sql(tx).drop_stale_runs);
    });
  }

  Result<bool> forget_breaker(const std::string& name) override {
    return written<bool>([&](Tx& tx) {
      return !tx.run(sql(tx).forget_breaker, {{"name", name}}).empty();
    });
  }

  Result<void> write_holds(std::span<const Hold> holds,
                           const std::vector<std::string>& workspaces,
                           bool are_all) override {
    return mark(&Statements::write_holds,
                {{"batch", holds_batch(holds)},
                 {"workspaces", texts_json(workspaces)},
                 {"are_all", are_all ? "true" : "false"}});
  }

  Result<void> begin_run(const std::string& options_json,
                         std::chrono::milliseconds alive_for) override {
    return mark(&Statements::begin_run,
                {{"run_id", run_.id},
                 {"version", run_.version},
                 {"host", run_.host},
                 {"options", options_json},
                 {"alive_ms", std::to_string(alive_for.count())}});
  }

  Result<void> end_run(const RunEnd& end) override {
    return write([&](Tx& tx) {
      tx.run(sql(tx).end_run,
             {{"run_id", run_.id},
              {"version", run_.version},
              {"host", run_.host},
              {"duration_ms", std::to_string(end.duration.count())},
              {"exit_status", std::to_string(end.exit_status)},
              {"summary", end.summary_json}});
    });
  }

 private:
  const Statements& sql(Tx& tx) { return database_->statements(tx); }

  Result<void> write(const std::function<void(Tx&)>& body, Purpose purpose = Purpose::write) {
    return judged(database_->transact(purpose, body));
  }

  /// Runs one statement whose loss would do no harm.
  Result<void> mark(SqlStatement Statements::*statement, std::vector<SqlParameter> parameters) {
    auto done = run_together(Purpose::mark, [&](const Statements& sql) {
      return std::vector<SqlCall>{{sql.*statement, parameters}};
    });
    if (!done) return fail(done.error());
    return {};
  }

  /// Writes in one transaction, and returns what the last run of `body` returned.
  template <class T>
  Result<T> written(const std::function<T(Tx&)>& body, Purpose purpose = Purpose::write) {
    T value{};
    auto done = write([&](Tx& tx) { value = body(tx); }, purpose);
    if (!done) return fail(done.error());
    return value;
  }

  /// A trigger of the host may raise any error. So an error that looks like an unfit table counts
  /// as one only if the catalog confirms it.
  Result<void> judged(const Result<void>& done) {
    if (done || done.error().kind != ErrorKind::misconfigured) return done;
    if (auto fits = check_host(); !fits) return fits;
    return fail(ErrorKind::refused, done.error().message);
  }

  Result<void> judged_host(Tx& tx) {
    return judge_host(
        parse_host(tx.run(sql(tx).read_host)), tables_, HostCheck::for_run, reply_chars_max_);
  }

  Result<std::vector<RefusedJob>> claim_as(Purpose purpose, const ClaimBody& body) {
    return careful_.claim(
        [&] {
          return database_->transact(purpose, [&](Tx& tx) {
            tx.run(sql(tx).claim_lock);
            forget_claims(tx);
            SqlClaimStatements statements = claim_statements(tx);
            body(statements);
          });
        },
        [this] { return check_host(); });
  }

  SqlClaimStatements claim_statements(Tx& tx) {
    return SqlClaimStatements(
        {.transaction = tx,
         .sql = sql(tx),
         .careful = careful_,
         .asks_max = database_->asks_max(),
         .before_taking = [this, &tx] { require_fitting_host(tx); },
         .start = [this,
                   &tx](std::span<const StartRequest> requests) { return started(tx, requests); }});
  }

  void require_fitting_host(Tx& tx) {
    if (host_fits_) return;
    if (auto fits = judged_host(tx); !fits) throw HostMisfit(fits.error());
    host_fits_ = true;
  }

  void forget_claims(Tx& tx) {
    if (!careful_.are_careful()) {
      tx.run(sql(tx).claim_forget);
      return;
    }
    const std::vector<std::string> ids = parse_texts(tx.run(sql(tx).claim_forgettable));
    careful_.change(tx, ids, [&](std::span<const std::string> part) {
      tx.run(sql(tx).claim_forget_of, {{"only", texts_json(part)}});
    });
  }

  Result<std::vector<std::string>> run_together(Purpose purpose, const SqlDatabase::Calls& calls) {
    auto answers = database_->run_together(purpose, calls);
    if (!answers) {
      if (auto fits = judged(fail(answers.error())); !fits) return fail(fits.error());
    }
    return answers;
  }

  Results<JobContext> started(Tx& tx, std::span<const StartRequest> requests) {
    auto contexts =
        contexts_of(requests, [&](std::span<const StartRequest> part, const MessageTimes& times) {
          std::vector<std::string> answers;
          for (const SqlCall& call : start_calls(sql(tx), part, conversation_, times)) {
            answers.push_back(tx.run(call.statement, call.parameters));
          }
          return Result<Results<JobContext>>(parse_started(answers, part));
        });
    return std::move(*contexts);
  }

  /// Settles a job even if the database refuses to end one of the older jobs that its reply has
  /// answered.
  Result<Written> settle_alone(const Settlement& settlement) {
    return written<Written>([&](Tx& tx) {
      end_each_superseded(tx, sql(tx).supersede, settlement);
      const std::string settled =
          tx.run(sql(tx).settle, {{"batch", settle_batch({&settlement, 1})}});
      return Written{.settled = parse_settled(settled, {&settlement, 1})};
    });
  }

  /// A settlement whose answer was lost is written again. It finds its token gone if the first try
  /// was done, and counts as settled then.
  void find_settled(std::span<const Settlement> settlements, Results<void>& settled) {
    std::vector<HeldJob> gone;
    for (std::size_t at = 0; at < settled.size(); ++at) {
      if (!settled[at]) gone.push_back({settlements[at].id, settlements[at].token});
    }
    if (gone.empty()) return;
    std::vector<std::string> ids;
    const auto done = database_->transact(Purpose::read, [&](Tx& tx) {
      ids = parse_texts(tx.run(sql(tx).find_settled, {{"batch", held_batch(gone)}}));
    });
    if (!done) return;  // nothing is lost but the right count
    for (std::size_t at = 0; at < settled.size(); ++at) {
      if (std::ranges::find(ids, settlements[at].id.value) != ids.end()) settled[at] = {};
    }
  }

  std::unique_ptr<SqlDatabase> database_;
  TableNames tables_;
  ConversationTerms conversation_;
  RunIdentity run_;
  int reply_chars_max_;
  CarefulClaims careful_;
  bool host_fits_ = false;
};

}  // namespace

std::unique_ptr<JobStore> make_sql_job_store(std::unique_ptr<SqlDatabase> database,
                                             const DatabaseConfig& config) {
  return std::make_unique<SqlJobStore>(std::move(database), config);
}

}  // namespace autoreply
