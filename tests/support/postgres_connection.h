#pragma once

#include <memory>
#include <string>
#include <vector>

struct pg_conn;

namespace autoreply::test {

/// A test's own PostgreSQL session. Throws std::runtime_error with the server's message. Only one
/// thread may use it at a time.
class PostgresConnection final {
 public:
  explicit PostgresConnection(const std::string& url);

  /// Runs any number of statements, separated by semicolons. Returns the last one's rows as text,
  /// with NULL as the empty text.
  std::vector<std::vector<std::string>> run(const std::string& sql);

 private:
  struct Close {
    void operator()(pg_conn* connection) const;
  };
  std::unique_ptr<pg_conn, Close> connection_;
};

}  // namespace autoreply::test
