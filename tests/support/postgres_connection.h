#pragma once

#include <memory>
#include <string>
#include <vector>

struct pg_conn;

namespace autoreply::test {

/// A PostgreSQL session of a test's own. Throws std::runtime_error with the server's message. One
/// thread at a time.
class PostgresConnection final {
 public:
  explicit PostgresConnection(const std::string& url);

  /// Runs any number of statements, separated by semicolons; returns the last one's rows as text,
  /// NULL as the empty text.
  std::vector<std::vector<std::string>> run(const std::string& sql);

 private:
  struct Close {
    void operator()(pg_conn* connection) const;
  };
  std::unique_ptr<pg_conn, Close> connection_;
};

}  // namespace autoreply::test
