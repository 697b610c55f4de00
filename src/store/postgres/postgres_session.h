#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store/sql_transaction.h"

namespace autoreply {

/// Upper bounds that hold inside one transaction, set with SET LOCAL so that a pooler in
/// transaction mode never sees session state.
struct TransactionLimits {
  std::chrono::milliseconds lock{5'000};
  std::chrono::milliseconds statement{30'000};
  std::chrono::milliseconds idle{10'000};
};

/// One connection to PostgreSQL; one thread at a time.
///
/// A connection that was lost is opened again with growing pauses for at most `wait`, and the
/// transaction is repeated from its start. Once that wait was in vain, every later call fails at
/// once.
class PostgresSession final {
 public:
  /// Connects once. Errors: `misconfigured` for a malformed URL, `unavailable` when nobody answers.
  [[nodiscard]] static Result<std::unique_ptr<PostgresSession>> open(
      std::string_view url, std::chrono::milliseconds wait);
  ~PostgresSession();
  PostgresSession(const PostgresSession&) = delete;
  PostgresSession& operator=(const PostgresSession&) = delete;

  enum class End { commit, roll_back };

  /// Runs `body` in a transaction (READ COMMITTED, time zone UTC) and ends it as told.
  [[nodiscard]] Result<void> in_transaction(const TransactionLimits& limits,
                                            End end,
                                            const std::function<void(SqlTransaction&)>& body);

  /// Runs one statement outside any transaction block, as CREATE INDEX CONCURRENTLY needs it, and
  /// returns its first column of its first row as text, empty when it returns none. Not repeated
  /// after a loss.
  [[nodiscard]] Result<std::string> execute_alone(std::string_view sql);

 private:
  struct Impl;
  explicit PostgresSession(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace autoreply
