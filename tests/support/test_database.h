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

/// An empty database of one test, deleted with this object; a connection of its own that the test
/// arranges and looks with. A statement that fails throws std::runtime_error. One thread at a time.
class TestDatabase {
 public:
  virtual ~TestDatabase() = default;

  /// What `--database` takes.
  [[nodiscard]] virtual const std::string& url() const = 0;
  [[nodiscard]] virtual DatabaseKind kind() const = 0;

  /// A session of its own with the same database, which it does not delete.
  [[nodiscard]] virtual std::unique_ptr<TestDatabase> another_session() const = 0;

  /// Opens the session again after the server has closed it.
  virtual void reconnect() {}

  /// Runs any number of statements, separated by semicolons.
  virtual void execute(const std::string& sql) = 0;

  /// The rows of one statement as text; NULL is the empty text.
  [[nodiscard]] virtual std::vector<std::vector<std::string>> rows(const std::string& sql) = 0;

  /// SQL of this dialect: the moment so many seconds from now, in the form of the host's columns.
  [[nodiscard]] virtual std::string instant(int seconds_from_now) const = 0;

  /// SQL of this dialect: the seconds from `earlier` to `later`, both instants, as a number.
  [[nodiscard]] virtual std::string seconds_between(std::string_view earlier,
                                                    std::string_view later) const = 0;

  /// The first column of the first row; empty when there is no row.
  [[nodiscard]] std::string value(const std::string& sql);

  [[nodiscard]] bool is_postgres() const { return kind() == DatabaseKind::postgres; }
};

/// Returns an empty database: a temporary file, or a fresh database on the server that the variable
/// AUTOREPLY_TEST_POSTGRES names. Without that variable: null, so that the test can be skipped, or,
/// where AUTOREPLY_TEST_REQUIRE_POSTGRES is set, std::runtime_error.
[[nodiscard]] std::unique_ptr<TestDatabase> make_test_database(DatabaseKind kind);

/// Returns a fresh database on this server, a copy of the one that is named, or an empty one.
[[nodiscard]] std::unique_ptr<TestDatabase> make_postgres_database(
    const std::string& server_url, const std::string& original = "template1");

/// The server's URL with another database: `url` ends in /NAME, perhaps with parameters behind it.
[[nodiscard]] std::string with_database(const std::string& url, const std::string& name);

/// Returns `text` as a literal of either dialect.
[[nodiscard]] std::string sql_literal(std::string_view text);

}  // namespace autoreply::test
