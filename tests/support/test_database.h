#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace autoreply::test {

enum class DatabaseKind { sqlite, postgres };

[[nodiscard]] std::string_view to_string(DatabaseKind kind);
std::ostream& operator<<(std::ostream& out, DatabaseKind kind);

/// A test's own empty database, deleted with this object, and a connection for setup and checks. A
/// failing statement throws std::runtime_error. Only one thread may use it at a time.
class TestDatabase {
 public:
  virtual ~TestDatabase() = default;

  /// Returns the value for `--database`.
  [[nodiscard]] virtual const std::string& url() const = 0;
  [[nodiscard]] virtual DatabaseKind kind() const = 0;

  /// Opens another session with the same database. It does not delete the database.
  [[nodiscard]] virtual std::unique_ptr<TestDatabase> another_session() const = 0;

  /// Reopens the session after the server closed it.
  virtual void reconnect() {}

  /// Runs any number of statements, separated by semicolons.
  virtual void execute(const std::string& sql) = 0;

  /// Returns the rows of one statement as text, with NULL as the empty text.
  [[nodiscard]] virtual std::vector<std::vector<std::string>> rows(const std::string& sql) = 0;

  /// Returns SQL for the moment this many seconds from now, in the format of the host's columns.
  [[nodiscard]] virtual std::string instant(int seconds_from_now) const = 0;

  /// Returns SQL for the seconds from the instant `earlier` to the instant `later`, as a number.
  [[nodiscard]] virtual std::string seconds_between(std::string_view earlier,
                                                    std::string_view later) const = 0;

  /// Returns the first column of the first row; empty if there is no row.
  [[nodiscard]] std::string value(const std::string& sql);

  [[nodiscard]] bool is_postgres() const { return kind() == DatabaseKind::postgres; }
};

/// Returns an empty database: a temporary file, or a new database on the server that the variable
/// AUTOREPLY_TEST_POSTGRES names. If that variable is missing, returns null so that the test can be
/// skipped, or throws std::runtime_error if AUTOREPLY_TEST_REQUIRE_POSTGRES is set.
[[nodiscard]] std::unique_ptr<TestDatabase> make_test_database(DatabaseKind kind);

/// Returns a new database on this server: a copy of `original`, by default an empty one.
[[nodiscard]] std::unique_ptr<TestDatabase> make_postgres_database(
    const std::string& server_url, const std::string& original = "template1");

/// Returns the server's URL with another database. `url` must end with /NAME and optional
/// parameters.
[[nodiscard]] std::string with_database(const std::string& url, const std::string& name);

/// Returns `text` as a literal that works in both dialects.
[[nodiscard]] std::string sql_literal(std::string_view text);

}  // namespace autoreply::test
