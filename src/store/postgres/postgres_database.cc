#include "store/postgres/postgres_database.h"

#include <array>
#include <chrono>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/outage_clock.h"
#include "store/postgres/placed_tables.h"
#include "store/postgres/postgres_session.h"
#include "store/postgres/postgres_statements.h"

namespace autoreply {
namespace {

using End = PostgresSession::End;

/// How long a process that freezes while it holds the claim lock can block all others.
constexpr std::chrono::milliseconds kClaimIdleMax{3'000};

/// A person waits for a look at a queue of any size.
constexpr std::chrono::minutes kInspectStatementMax{2};

class PostgresDatabase final : public SqlDatabase {
 public:
  PostgresDatabase(std::unique_ptr<PostgresSession> session, TableNames tables)
      : session_(std::move(session)), tables_(std::move(tables)) {}

  Result<void> transact(Purpose purpose,
                        const std::function<void(SqlTransaction&)>& body) override {
    if (purpose == Purpose::claim) return transact_once(purpose, body);
    return with_or_without_functions([&] { return transact_once(purpose, body); });
  }

  Result<std::vector<std::string>> run_together(Purpose purpose, const Calls& calls) override {
    return with_or_without_functions([&]() -> Result<std::vector<std::string>> {
      if (!statements_) {
        auto made = transact_once(Purpose::check, [this](SqlTransaction& tx) { statements(tx); });
        if (!made) return fail(made.error());
      }
      return session_->run_together(purpose == Purpose::mark ? kMarkLimits : kWriteLimits,
                                    calls(*statements_));
    });
  }

  bool has_lost_answers() const override { return session_->has_lost_answers(); }

  const Statements& statements(SqlTransaction& transaction) override {
    if (!statements_) {
      PlacedTables placed = place_tables(transaction, tables_);
      if (!may_call_functions_) placed.functions.clear();
      calls_functions_ = placed.plans_obstacle.empty() && !placed.functions.empty();
      statements_ = postgres_statements(placed);
    }
    return *statements_;
  }

  /// The tables are as their names and the search path say, which is as good for a first look.
  Result<std::string> ask_idle(std::span<const SqlParameter> is_idle,
                               std::span<const SqlParameter> beat) override {
    PlacedTables tables{tables_};
    tables.qualified = tables_;
    const std::size_t dot = tables_.queue.find('.');
    if (dot != std::string::npos) tables.schema = tables_.queue.substr(0, dot);
    const auto statement = [&tables](SqlStatement Statements::*member) {
      return SqlStatement::with_numbers(postgres_text(member, tables));
    };
    const SqlStatement question = statement(&Statements::is_idle);
    const SqlStatement note = statement(&Statements::beat);
    const std::array calls{SqlCall{question, {is_idle.begin(), is_idle.end()}},
                           SqlCall{note, {beat.begin(), beat.end()}}};
    auto answers = session_->run_together(kIdleLimits, calls);
    if (!answers) return fail(answers.error());
    return answers->front();
  }

  std::size_t asks_max() const override { return std::numeric_limits<std::size_t>::max(); }

 private:
  Result<void> transact_once(Purpose purpose, const std::function<void(SqlTransaction&)>& body) {
    switch (purpose) {
      case Purpose::check:
        return session_->in_transaction(TransactionLimits{}, End::roll_back, body);
      case Purpose::write:
        return session_->in_transaction(kWriteLimits, End::commit, body);
      case Purpose::mark:
        return session_->in_transaction(kMarkLimits, End::commit, body);
      case Purpose::read:
        return session_->in_transaction(kReadLimits, End::roll_back, body);
      case Purpose::inspect:
        return session_->in_transaction(kInspectLimits, End::roll_back, body);
      case Purpose::claim:
        return session_->in_transaction(kClaimLimits, End::commit, body);
      case Purpose::preview:
        break;
    }
    return session_->in_transaction(kClaimLimits, End::roll_back, body);
  }

  /// Runs `once`, and again with plain statements if a function may be why it failed. It may have
  /// been dropped or forbidden since the statements were made. Or the host's own code, such as a
  /// default, does not work under the search path of the function.
  template <class Once>
  auto with_or_without_functions(const Once& once) -> decltype(once()) {
    auto done = once();
    if (done || !calls_functions_ || !may_lie_with_function(done.error().kind)) return done;
    use_functions(false);
    auto plain = once();
    if (!plain && plain.error().kind == done.error().kind) use_functions(true);
    return plain;
  }

  static bool may_lie_with_function(ErrorKind kind) {
    return kind == ErrorKind::misconfigured || kind == ErrorKind::refused ||
           kind == ErrorKind::internal;
  }

  void use_functions(bool use) {
    statements_.reset();
    may_call_functions_ = use;
    calls_functions_ = use;
  }

  static constexpr TransactionLimits kReadLimits{.plans = Plans::walks};
  static constexpr TransactionLimits kIdleLimits{.plans = Plans::walks, .durable = false};
  static constexpr TransactionLimits kInspectLimits{.statement = kInspectStatementMax};
  static constexpr TransactionLimits kWriteLimits{.plans = Plans::lookups};
  static constexpr TransactionLimits kMarkLimits{.plans = Plans::lookups, .durable = false};
  static constexpr TransactionLimits kClaimLimits{.idle = kClaimIdleMax, .plans = Plans::walks};

  std::unique_ptr<PostgresSession> session_;
  const TableNames tables_;
  std::optional<Statements> statements_;
  bool may_call_functions_ = true;
  bool calls_functions_ = false;
};

}  // namespace

Result<std::unique_ptr<SqlDatabase>> open_postgres_database(const DatabaseConfig& config) {
  auto session = PostgresSession::open(
      config.url, config.outage ? config.outage : std::make_shared<OutageClock>(config.wait));
  if (!session) return fail(session.error());
  return std::make_unique<PostgresDatabase>(std::move(*session), config.tables);
}

}  // namespace autoreply
