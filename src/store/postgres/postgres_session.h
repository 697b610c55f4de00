#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store/outage_clock.h"
#include "store/sql_transaction.h"

namespace autoreply {

/// Upper bounds that hold inside one transaction. The first three are the server's, set with SET
/// LOCAL so that a pooler in transaction mode never sees session state.
struct TransactionLimits {
  std::chrono::milliseconds lock{5'000};
  std::chrono::milliseconds statement{10'000};
  std::chrono::milliseconds idle{5'000};
  /// Keeps the planner to indexes, and from compiling what it overrates: statements that are made
  /// for certain indexes, over tables whose statistics are as old as the last ANALYZE.
  bool by_index = false;
  /// How much longer than `statement` an answer may take before the connection counts as lost.
  std::chrono::milliseconds network{2'000};
};

/// One connection to PostgreSQL; one thread at a time.
///
/// A connection that was lost is opened again with growing pauses, and the transaction is repeated
/// from its start, until the clock that the sessions of a run share says that it is in vain. Where
/// a COMMIT was sent and no answer came, the server is asked what became of it: what is committed
/// is not repeated. No call outlasts its bounds, whatever the other side does or does not do.
class PostgresSession final {
 public:
  /// Connects. The first session under a clock tries again for at most 5 s of the clock's wait, and
  /// only if the address refuses or does not resolve, or the server says that it is starting,
  /// stopping or full. A later one waits like any session that lost its connection. Errors:
  /// `misconfigured` for a malformed URL, `unavailable` when nobody answers.
  [[nodiscard]] static Result<std::unique_ptr<PostgresSession>> open(
      std::string_view url, std::shared_ptr<OutageClock> clock);
  /// The same under a clock of its own.
  [[nodiscard]] static Result<std::unique_ptr<PostgresSession>> open(
      std::string_view url, std::chrono::milliseconds wait);
  ~PostgresSession();
  PostgresSession(const PostgresSession&) = delete;
  PostgresSession& operator=(const PostgresSession&) = delete;

  enum class End {
    commit,
    roll_back,  ///< also for a body that only reads
  };

  /// Runs `body` in a transaction and ends it as told. Whatever role and database say, it is READ
  /// COMMITTED and READ WRITE, its commit reaches the disk, texts are UTF-8 and times UTC. The body
  /// may be run several times; what it leaves behind is that of the run that was committed.
  [[nodiscard]] Result<void> in_transaction(const TransactionLimits& limits,
                                            End end,
                                            const std::function<void(SqlTransaction&)>& body);

  /// Runs one statement outside any transaction block, as CREATE INDEX CONCURRENTLY needs it, and
  /// returns its first column of its first row as text. Takes as long as it takes, and is not
  /// repeated after a loss.
  [[nodiscard]] Result<std::string> execute_alone(std::string_view sql);

 private:
  struct Impl;
  explicit PostgresSession(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace autoreply
