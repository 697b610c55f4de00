#include "store/sqlite/sqlite_database.h"

#include <optional>
#include <utility>

#include "sql.h"
#include "store/sqlite/sqlite_relations.h"
#include "store/sqlite/sqlite_session.h"
#include "store/sqlite/sqlite_statements.h"

namespace autoreply {
namespace {

using End = SqliteSession::End;

/// Every writing transaction holds the file's one write lock from its start. Claims and reports
/// need no other lock.
class SqliteDatabase final : public SqlDatabase {
 public:
  SqliteDatabase(std::unique_ptr<SqliteSession> session, TableNames tables)
      : session_(std::move(session)), tables_(std::move(tables)) {}

  Result<void> transact(Purpose purpose,
                        const std::function<void(SqlTransaction&)>& body) override {
    if (purpose == Purpose::check || purpose == Purpose::read || purpose == Purpose::inspect) {
      return session_->in_read_transaction(body);
    }
    return session_->in_transaction(purpose == Purpose::preview ? End::roll_back : End::commit,
                                    body);
  }

  Result<std::vector<std::string>> run_together(Purpose purpose, const Calls& calls) override {
    std::vector<std::string> answers;
    const auto done = transact(purpose, [&](SqlTransaction& tx) {
      answers.clear();
      for (const SqlCall& call : calls(statements(tx))) {
        answers.push_back(tx.run(call.statement, call.parameters));
      }
    });
    if (!done) return fail(done.error());
    return answers;
  }

  bool has_lost_answers() const override { return false; }

  const Statements& statements(SqlTransaction& transaction) override {
    if (!statements_) {
      statements_ = sqlite_statements(tables_, read_host_columns(transaction, tables_));
    }
    return *statements_;
  }

  Result<std::string> ask_idle(std::span<const SqlParameter> is_idle,
                               std::span<const SqlParameter> beat) override {
    std::string answer;
    bool beat_is_due = false;
    const auto done = transact(Purpose::read, [&](SqlTransaction& tx) {
      answer = tx.run(statements(tx).is_idle, is_idle);
      beat_is_due = tx.run(sql::sqlite_setup_beat_is_due) == "true";
    });
    if (!done) return fail(done.error());
    // If another session is writing, a later look notes the beat.
    if (beat_is_due) {
      (void)session_->in_transaction_if_free(
          [&](SqlTransaction& tx) { tx.run(statements(tx).beat, beat); });
    }
    return answer;
  }

  /// In SQLite a LIMIT cannot come from a row of another table, so each ask is its own statement.
  std::size_t asks_max() const override { return 1; }

 private:
  std::unique_ptr<SqliteSession> session_;
  const TableNames tables_;
  std::optional<Statements> statements_;
};

}  // namespace

Result<std::unique_ptr<SqlDatabase>> open_sqlite_database(const std::string& path,
                                                          const DatabaseConfig& config) {
  auto session = SqliteSession::open(path, SqliteSession::Missing::refuse);
  if (!session) return fail(session.error());
  return std::make_unique<SqliteDatabase>(std::move(*session), config.tables);
}

}  // namespace autoreply
