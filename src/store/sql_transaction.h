#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace soci {
class session;
}

namespace autoreply {

/// A parameter of a statement: a name as the statement writes it after the colon, and its text.
struct SqlParameter {
  std::string_view name;
  std::string value;
};

/// The statements of a transaction that is open. They throw what SOCI throws; the session that
/// opened the transaction turns that into an `Error` and rolls back.
class SqlTransaction final {
 public:
  explicit SqlTransaction(soci::session& session) : session_(session) {}

  /// Runs a statement that returns one row of one text column, and returns that text; empty for
  /// NULL or no row.
  std::string query(std::string_view sql, std::initializer_list<SqlParameter> parameters = {});

  /// Runs a statement that returns nothing. PostgreSQL takes several at once where there are no
  /// parameters; SQLite runs only the first.
  void execute(std::string_view sql, std::initializer_list<SqlParameter> parameters = {});

 private:
  soci::session& session_;
};

}  // namespace autoreply
