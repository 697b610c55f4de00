#pragma once

#include <memory>
#include <string>

struct pg_conn;

namespace autoreply::testing {

/// A PostgreSQL session of a test's own, for what needs one that stays: open transactions, another
/// service that keeps writing. Throws std::runtime_error with the server's message. One thread at a time.
class PostgresConnection final {
 public:
  explicit PostgresConnection(const std::string& url);

  /// Executes statements separated by semicolons; returns the first field of the last one's first row,
  /// empty where there is none or it is NULL.
  std::string execute(const std::string& statements);

 private:
  struct Close {
    void operator()(pg_conn* connection) const;
  };
  std::unique_ptr<pg_conn, Close> connection_;
};

}  // namespace autoreply::testing
