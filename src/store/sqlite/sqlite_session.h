#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store/sql_transaction.h"

namespace autoreply {

/// One connection to a SQLite file; one thread at a time.
///
/// The file has a write-ahead log, so readers do not wait for writers. Every commit reaches the
/// disk, since a reply must be durable before it is sent. Writers wait up to 5 s for each other.
class SqliteSession final {
 public:
  enum class Missing { create, refuse };

  /// Opens the file. Errors: `misconfigured` if it does not exist and `missing` says refuse, or if
  /// its file system cannot hold a write-ahead log; `unavailable` if it cannot be opened.
  [[nodiscard]] static Result<std::unique_ptr<SqliteSession>> open(const std::string& path,
                                                                   Missing missing);
  ~SqliteSession();
  SqliteSession(const SqliteSession&) = delete;
  SqliteSession& operator=(const SqliteSession&) = delete;

  enum class End { commit, roll_back };

  /// Runs `body`, which only reads, in a transaction that does not wait for writers.
  [[nodiscard]] Result<void> in_read_transaction(const std::function<void(SqlTransaction&)>& body);

  /// Runs `body` in a transaction that holds the write lock from its start. Ends it as `end` says.
  [[nodiscard]] Result<void> in_transaction(End end,
                                            const std::function<void(SqlTransaction&)>& body);

  /// Runs `body` in such a transaction and commits. Returns `busy` at once if another session is
  /// writing.
  [[nodiscard]] Result<void> in_transaction_if_free(
      const std::function<void(SqlTransaction&)>& body);

 private:
  struct Impl;

  [[nodiscard]] Result<void> run(const char* begin,
                                 End end,
                                 const std::function<void(SqlTransaction&)>& body);

  explicit SqliteSession(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace autoreply
