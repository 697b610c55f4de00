#include "store/postgres/postgres_session.h"

#include <algorithm>
#include <optional>
#include <random>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "store/postgres/bounded_connection.h"
#include "store/postgres/connection_string.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;
using Clock = OutageClock::Clock;

/// Overrides what the role, database or pooler has set for the session. The statements rely on
/// standard strings and ISO dates. Row security must not turn into errors.
constexpr std::string_view kSettings =
    "begin isolation level read committed read write; set local client_encoding = 'UTF8'; "
    "set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; "
    "set local standard_conforming_strings = on; set local row_security = on; ";
/// How long the first connect of a process keeps trying, at most.
constexpr milliseconds kFirstConnectMax{5'000};
constexpr milliseconds kRetryPauseFirst{50};
constexpr milliseconds kRetryPauseMax{2'000};
/// The least time for a try to connect or to begin, even if the wait is nearly over.
constexpr milliseconds kTryMin{1'000};
/// How often to ask about a transaction whose COMMIT may still be under way.
constexpr milliseconds kFatePoll{50};

class PostgresTransaction final : public SqlTransaction {
 public:
  explicit PostgresTransaction(BoundedConnection& connection) : connection_(connection) {}

  std::optional<Error> attempt(const std::function<void()>& body) override {
    connection_.run("savepoint attempt");
    try {
      body();
    } catch (const PostgresFailure& failure) {
      const ErrorKind kind = failure.error().kind;
      const bool lies_with_statement = kind == ErrorKind::refused || kind == ErrorKind::internal ||
                                       kind == ErrorKind::misconfigured;
      if (failure.lost() || !lies_with_statement) throw;
      connection_.run("rollback to savepoint attempt; release savepoint attempt");
      return failure.error();
    }
    connection_.run("release savepoint attempt");
    return std::nullopt;
  }

 private:
  SqlStatement to_statement(std::string_view text) const override {
    return SqlStatement::with_numbers(text);
  }

  std::string run_part(const SqlStatement::Part& part,
                       std::initializer_list<SqlParameter> parameters) override {
    // Several statements in one text are possible only if there are no parameters.
    if (part.parameters.empty()) return connection_.run(part.sql);
    std::vector<const char*> values;
    for (const std::string& name : part.parameters) {
      const auto* const found = std::ranges::find(parameters, name, &SqlParameter::name);
      if (found == parameters.end()) {
        throw std::logic_error(fmt::format("no value for the parameter {}", name));
      }
      values.push_back(found->value.c_str());
    }
    return connection_.run(part.sql, values);
  }

  BoundedConnection& connection_;
};

/// Whether the server may soon be there: nothing listens yet, or it is starting, stopping or full.
bool may_soon_be_there(const PostgresFailure& failure) {
  const std::string& state = failure.sqlstate();
  return state == BoundedConnection::kNoServer || state == "57P01" || state == "57P03" ||
         state == "53300";
}

/// The pauses between the tries of one call. The first is zero. Later ones grow, and are spread so
/// that the sessions of many runs do not come back all at once.
class Pauses final {
 public:
  explicit Pauses(std::minstd_rand& random) : random_(random) {}

  [[nodiscard]] milliseconds next() {
    const milliseconds longest = next_;
    next_ = longest.count() == 0 ? kRetryPauseFirst : std::min(longest * 2, kRetryPauseMax);
    std::uniform_int_distribution<milliseconds::rep> spread(longest.count() / 2, longest.count());
    return milliseconds{spread(random_)};
  }

 private:
  milliseconds next_{0};
  std::minstd_rand& random_;
};

}  // namespace

std::string_view planner_settings(Plans plans) {
  switch (plans) {
    case Plans::any:
      break;
    case Plans::walks:
      return "set local enable_seqscan = off; set local enable_bitmapscan = off; "
             "set local enable_sort = off; set local enable_incremental_sort = off; "
             "set local jit = off";
    case Plans::lookups:
      return "set local enable_seqscan = off; set local enable_bitmapscan = off; "
             "set local enable_hashjoin = off; set local enable_mergejoin = off; "
             "set local jit = off";
  }
  return "";
}

struct PostgresSession::Impl {
  ConnectionParameters parameters;
  std::shared_ptr<OutageClock> clock;
  std::unique_ptr<BoundedConnection> connection;  ///< null while not connected
  std::minstd_rand random{std::random_device{}()};

  /// Until when a call that lost the connection at `lost_at` goes on trying.
  [[nodiscard]] Clock::time_point deadline(Clock::time_point lost_at) const {
    // The outage may have ended for another session in the meantime. That does not prolong our
    // wait.
    return std::min(lost_at + clock->wait(), clock->deadline().value_or(Clock::time_point::max()));
  }

  void connect(milliseconds timeout) {
    connection.reset();
    connection = std::make_unique<BoundedConnection>(parameters, timeout, *clock);
    clock->note_connected();
  }

  /// The first connect of a process.
  [[nodiscard]] Result<void> connect_first() {
    const auto until = Clock::now() + std::min(clock->wait(), kFirstConnectMax);
    milliseconds timeout = parameters.connect_timeout();
    for (Pauses pauses(random);;) {
      try {
        connect(timeout);
        return {};
      } catch (const PostgresFailure& failure) {
        const auto left = std::chrono::ceil<milliseconds>(until - Clock::now());
        const bool again = may_soon_be_there(failure) && left.count() > 0 &&
                           clock->pause(std::min(pauses.next(), left));
        if (!again) {
          return fail(ErrorKind::unavailable,
                      fmt::format("cannot connect to the database: {}", failure.error().message));
        }
        timeout = std::min(parameters.connect_timeout(), std::max(left, kTryMin));
      }
    }
  }

  /// Begins a transaction by `statements`. Returns the result of the last one.
  [[nodiscard]] std::string begin_with(const std::string& statements) {
    try {
      return connection->run(statements);
    } catch (const PostgresFailure& failure) {
      // A server that became a standby refuses READ WRITE as an unsupported feature.
      if (failure.sqlstate() != "0A000") throw;
      throw PostgresFailure({ErrorKind::unavailable, failure.error().message}, false);
    }
  }

  void roll_back_quietly() {
    if (!connection) return;
    try {
      connection->run("rollback");
    } catch (const PostgresFailure&) {
      connection.reset();  // the server rolls back when the connection ends
    }
  }

  enum class Fate { committed, rolled_back, under_way };

  /// What became of a transaction whose COMMIT was not answered.
  [[nodiscard]] Fate fate_of(const std::string& transaction) {
    std::string status;
    try {
      status = connection->run(fmt::format("select pg_xact_status('{}')", transaction));
    } catch (const PostgresFailure& failure) {
      // A server that was promoted in the meantime may not know so high a number yet.
      if (failure.lost() || failure.error().kind != ErrorKind::refused) throw;
    }
    if (status == "committed") return Fate::committed;
    return status == "in progress" ? Fate::under_way : Fate::rolled_back;
  }
};

PostgresSession::PostgresSession(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {
}

PostgresSession::~PostgresSession() = default;

Result<std::unique_ptr<PostgresSession>> PostgresSession::open(std::string_view url,
                                                               milliseconds wait) {
  return open(url, std::make_shared<OutageClock>(wait));
}

Result<std::unique_ptr<PostgresSession>> PostgresSession::open(std::string_view url,
                                                               std::shared_ptr<OutageClock> clock) {
  auto parameters = parse_connection_string(url);
  if (!parameters) return fail(parameters.error());
  auto impl = std::make_unique<Impl>();
  impl->parameters = std::move(*parameters);
  impl->clock = std::move(clock);
  if (auto possible = impl->clock->check(); !possible) return fail(possible.error());
  if (!impl->clock->ever_connected()) {
    if (auto connected = impl->connect_first(); !connected) return fail(connected.error());
  }
  return std::unique_ptr<PostgresSession>(new PostgresSession(std::move(impl)));
}

Result<void> PostgresSession::in_transaction(const TransactionLimits& limits,
                                             End end,
                                             const std::function<void(SqlTransaction&)>& body) {
  // Fetch the transaction's number before the body runs, so that its fate can be asked for later.
  // This costs no extra round trip.
  const std::string begin = fmt::format(
      "{}set local synchronous_commit = {}; set local lock_timeout = {}; "
      "set local statement_timeout = {}; "
      "set local idle_in_transaction_session_timeout = {}; {}{}",
      kSettings,
      limits.durable ? "on" : "off",
      limits.lock.count(),
      limits.statement.count(),
      limits.idle.count(),
      planner_settings(limits.plans),
      end == End::commit ? "; select pg_current_xact_id()::text" : "");
  const milliseconds bound = limits.statement + limits.network;
  OutageClock& clock = *impl_->clock;
  std::optional<Clock::time_point> lost_at;
  std::string unanswered;  // the transaction whose COMMIT got no answer
  Pauses pauses(impl_->random);
  for (;;) {
    if (auto possible = clock.check(); !possible) return possible;
    milliseconds first_bound = bound;
    if (lost_at) {
      const auto left = std::chrono::ceil<milliseconds>(impl_->deadline(*lost_at) - Clock::now());
      first_bound = std::min(bound, std::max(left, kTryMin));
    }
    bool committing = false;
    try {
      if (!impl_->connection) {
        impl_->connect(std::min(impl_->parameters.connect_timeout(), first_bound));
      }
      impl_->connection->set_bound(first_bound);
      if (!unanswered.empty()) {
        const Impl::Fate fate = impl_->fate_of(unanswered);
        if (fate == Impl::Fate::under_way) {
          if (Clock::now() < impl_->deadline(*lost_at) && clock.pause(kFatePoll)) continue;
          throw PostgresFailure(
              {ErrorKind::unavailable, "the database did not say whether a commit succeeded"},
              true);
        }
        if (fate == Impl::Fate::committed) {
          clock.note_answer();
          return {};
        }
        unanswered.clear();
      }
      const std::string number = impl_->begin_with(begin);
      impl_->connection->set_bound(bound);
      PostgresTransaction transaction(*impl_->connection);
      body(transaction);
      committing = end == End::commit;
      if (committing) unanswered = number;
      const std::string ended = impl_->connection->run(committing ? "commit" : "rollback");
      clock.note_answer();
      if (committing && ended != "COMMIT") {
        return fail(ErrorKind::internal, "the database rolled a transaction back without a word");
      }
      return {};
    } catch (const PostgresFailure& failure) {
      if (failure.lost()) {
        impl_->connection.reset();
      } else {
        impl_->roll_back_quietly();
        // The server answered clearly: nothing was committed.
        if (committing) unanswered.clear();
        if (failure.error().kind != ErrorKind::unavailable && unanswered.empty()) {
          clock.note_answer();
          return fail(failure.error());
        }
        // The server is there but cannot do its work. Perhaps another server of its cluster can.
        impl_->connection.reset();
      }
      const std::string reason = failure.error().message;
      clock.note_loss(reason);
      const milliseconds pause = pauses.next();
      const bool first_loss = !lost_at;
      if (first_loss) lost_at = Clock::now();
      const auto left = std::chrono::ceil<milliseconds>(impl_->deadline(*lost_at) - Clock::now());
      // A connection that died unnoticed is replaced at once, however short the wait.
      const bool again = first_loss || (left.count() > 0 && clock.pause(std::min(pause, left)));
      if (!again) {
        clock.give_up(fmt::format("the database was lost and did not come back: {}", reason));
      }
    } catch (...) {
      impl_->roll_back_quietly();
      throw;
    }
  }
}

Result<std::string> PostgresSession::execute_alone(std::string_view sql) {
  if (!impl_->connection) return fail(ErrorKind::unavailable, "the connection was lost");
  try {
    impl_->connection->set_bound(std::nullopt);
    return impl_->connection->run(std::string(sql));
  } catch (const PostgresFailure& failure) {
    if (failure.lost()) impl_->connection.reset();
    return fail(failure.error());
  }
}

}  // namespace autoreply
