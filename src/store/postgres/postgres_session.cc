#include "store/postgres/postgres_session.h"

#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "store/postgres/bounded_connection.h"
#include "store/postgres/connection_string.h"
#include "store/postgres/postgres_transaction.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;
using Clock = OutageClock::Clock;

constexpr std::string_view kBegin = "begin isolation level read committed read write";
constexpr std::string_view kCommit = "commit";
constexpr std::string_view kRollback = "rollback";
/// How long the first connect of a process keeps trying, at most.
constexpr milliseconds kFirstConnectMax{5'000};
constexpr milliseconds kRetryPauseFirst{50};
constexpr milliseconds kRetryPauseMax{2'000};
/// The least time for a try to connect or to begin, even if the wait is nearly over.
constexpr milliseconds kTryMin{1'000};
/// How often to ask about a transaction whose COMMIT may still be under way.
constexpr milliseconds kFatePoll{50};

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

void require_committed(const std::string& ended, bool committing) {
  if (!committing || ended == "COMMIT") return;
  throw PostgresFailure(
      {ErrorKind::internal, "the database rolled a transaction back without a word"}, false);
}

/// Throws what a failure to begin a transaction means.
[[noreturn]] void throw_not_begun(const PostgresFailure& failure) {
  // A server that became a standby refuses READ WRITE as an unsupported feature.
  if (failure.sqlstate() != "0A000") throw PostgresFailure(failure);
  throw PostgresFailure({ErrorKind::unavailable, failure.error().message}, false);
}

}  // namespace

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
      throw_not_begun(failure);
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

  /// Tries `once` until it returns true or the server fails it with a clear answer, and repeats it
  /// while the server is lost and the clock says that waiting is not in vain. `once` gets the time
  /// at which to give up. `nothing_written` tells of a failure that was answered whether nothing
  /// can have been committed.
  [[nodiscard]] Result<void> until_answered(
      milliseconds bound,
      const std::function<bool(Clock::time_point)>& once,
      const std::function<bool(const PostgresFailure&)>& nothing_written) {
    std::optional<Clock::time_point> lost_at;
    Pauses pauses(random);
    for (;;) {
      if (auto possible = clock->check(); !possible) return possible;
      milliseconds first_bound = bound;
      Clock::time_point until = Clock::time_point::max();
      if (lost_at) {
        until = deadline(*lost_at);
        const auto left = std::chrono::ceil<milliseconds>(until - Clock::now());
        first_bound = std::min(bound, std::max(left, kTryMin));
      }
      try {
        if (!connection) connect(std::min(parameters.connect_timeout(), first_bound));
        connection->set_bound(first_bound);
        if (!once(until)) continue;
        clock->note_answer();
        return {};
      } catch (const PostgresFailure& failure) {
        if (failure.lost()) {
          connection.reset();
        } else {
          roll_back_quietly();
          const bool clear = nothing_written(failure);
          if (failure.error().kind != ErrorKind::unavailable && clear) {
            clock->note_answer();
            return fail(failure.error());
          }
          // The server is there but cannot do its work. Perhaps another server of its cluster can.
          connection.reset();
        }
        const std::string reason = failure.error().message;
        clock->note_loss(reason);
        const milliseconds pause = pauses.next();
        const bool first_loss = !lost_at;
        if (first_loss) lost_at = Clock::now();
        const auto left = std::chrono::ceil<milliseconds>(deadline(*lost_at) - Clock::now());
        // A connection that died unnoticed is replaced at once, however short the wait.
        const bool again = first_loss || (left.count() > 0 && clock->pause(std::min(pause, left)));
        if (!again) {
          clock->give_up(fmt::format("the database was lost and did not come back: {}", reason));
        }
      } catch (...) {
        roll_back_quietly();
        throw;
      }
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
  const std::string begin =
      fmt::format("{}; {}{}",
                  kBegin,
                  settings_sql(limits),
                  end == End::commit ? "; select pg_current_xact_id()::text" : "");
  const milliseconds bound = limits.statement + limits.network;
  std::string unanswered;  // the transaction whose COMMIT got no answer
  bool committing = false;
  const auto once = [&](Clock::time_point deadline) {
    BoundedConnection& connection = *impl_->connection;
    committing = false;
    if (!unanswered.empty()) {
      const Impl::Fate fate = impl_->fate_of(unanswered);
      if (fate == Impl::Fate::committed) return true;
      if (fate == Impl::Fate::under_way) {
        if (Clock::now() < deadline && impl_->clock->pause(kFatePoll)) return false;
        throw PostgresFailure(
            {ErrorKind::unavailable, "the database did not say whether a commit succeeded"}, true);
      }
      unanswered.clear();
    }
    const std::string number = impl_->begin_with(begin);
    connection.set_bound(bound);
    PostgresTransaction transaction(connection);
    body(transaction);
    committing = end == End::commit;
    if (committing) unanswered = number;
    require_committed(connection.run(std::string(committing ? kCommit : kRollback)), committing);
    return true;
  };
  // After a clear answer to COMMIT, nothing was committed.
  return impl_->until_answered(bound, once, [&](const PostgresFailure&) {
    if (committing) unanswered.clear();
    return unanswered.empty();
  });
}

Result<std::vector<std::string>> PostgresSession::run_together(const TransactionLimits& limits,
                                                               std::span<const SqlCall> calls) {
  const milliseconds bound = limits.statement + limits.network;
  const std::string settings = settings_sql(limits);
  std::vector<BoundedConnection::Query> queries{{kBegin.data(), {}}, {settings.c_str(), {}}};
  const std::size_t quick = queries.size();
  for (const SqlCall& call : calls) {
    for (const SqlStatement::Part& part : call.statement.parts) {
      queries.push_back(query_of(part, call.parameters));
    }
  }
  queries.push_back({kCommit.data(), {}});
  std::vector<std::string> answers;
  const auto once = [&](Clock::time_point /*deadline*/) {
    try {
      answers = impl_->connection->run_together(queries, quick, bound);
    } catch (const PostgresFailure& failure) {
      if (failure.lost()) lost_answers_ = true;
      if (failure.place() == 0 && !failure.lost()) throw_not_begun(failure);
      throw;
    }
    require_committed(answers.back(), true);
    return true;
  };
  auto done = impl_->until_answered(bound, once, [](const PostgresFailure&) { return true; });
  if (!done) return fail(done.error());
  // BEGIN, the settings and COMMIT are not the caller's.
  answers.pop_back();
  answers.erase(answers.begin(), answers.begin() + static_cast<std::ptrdiff_t>(quick));
  return answers;
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
