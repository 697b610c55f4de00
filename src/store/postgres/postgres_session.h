#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/outage_clock.h"
#include "store/postgres/transaction_settings.h"
#include "store/sql_transaction.h"

namespace autoreply {

/// One connection to PostgreSQL; one thread at a time.
///
/// A lost connection is reopened with growing pauses, and the transaction is repeated from its
/// start, until the clock that the sessions of a run share says that waiting is in vain. If a
/// COMMIT of `in_transaction` was sent but not answered, the server is asked what became of it, and
/// a committed transaction is not repeated. Whatever the other side does, no call outlasts its
/// bounds.
class PostgresSession final {
 public:
  /// Opens a session. The first one of a clock connects at once; it tries again for at most 5 s of
  /// the clock's wait, and only if the address refuses or does not resolve, or the server says that
  /// it is starting, stopping or full. A later one connects at first use and waits like any session
  /// that lost its connection. Errors: `misconfigured` for a malformed URL, `unavailable` if no
  /// server answers.
  [[nodiscard]] static Result<std::unique_ptr<PostgresSession>> open(
      std::string_view url, std::shared_ptr<OutageClock> clock);
  /// The same with its own clock.
  [[nodiscard]] static Result<std::unique_ptr<PostgresSession>> open(
      std::string_view url, std::chrono::milliseconds wait);
  ~PostgresSession();
  PostgresSession(const PostgresSession&) = delete;
  PostgresSession& operator=(const PostgresSession&) = delete;

  enum class End {
    commit,
    roll_back,  ///< also for bodies that only read
  };

  /// Runs `body` in a transaction and ends it as `end` says. Whatever the role and the database
  /// set, it is READ COMMITTED and READ WRITE, its commit reaches the disk if `limits` say so,
  /// texts are UTF-8 and times UTC. The body may run several times; only the last run takes effect.
  [[nodiscard]] Result<void> in_transaction(const TransactionLimits& limits,
                                            End end,
                                            const std::function<void(SqlTransaction&)>& body);

  /// Runs statements in one transaction like that, and commits it, in one round trip. Returns what
  /// each returned. If the answer is lost, the transaction is repeated whether it was committed or
  /// not.
  [[nodiscard]] Result<std::vector<std::string>> run_together(const TransactionLimits& limits,
                                                              std::span<const SqlCall> calls);

  /// Whether an answer to `run_together` was ever lost. Such a transaction may have been committed
  /// although a later try of it failed.
  [[nodiscard]] bool has_lost_answers() const { return lost_answers_; }

  /// Runs one statement outside any transaction block, as CREATE INDEX CONCURRENTLY requires.
  /// Returns the first column of its first row as text. Has no time limit, and is not repeated if
  /// the connection is lost.
  [[nodiscard]] Result<std::string> execute_alone(std::string_view sql);

 private:
  struct Impl;
  explicit PostgresSession(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
  bool lost_answers_ = false;
};

}  // namespace autoreply
