#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace autoreply {

/// A parameter of a statement: a name as the statement writes it after the colon, and its text.
struct SqlParameter {
  std::string_view name;
  std::string value;
};

/// The statements of a transaction that is open. They throw what the session that opened the
/// transaction turns into an `Error`; it rolls back then.
class SqlTransaction {
 public:
  SqlTransaction() = default;
  virtual ~SqlTransaction() = default;
  SqlTransaction(const SqlTransaction&) = delete;
  SqlTransaction& operator=(const SqlTransaction&) = delete;

  /// Runs a statement that returns one row of one text column, and returns that text; empty for
  /// NULL or no row.
  std::string query(std::string_view sql, std::initializer_list<SqlParameter> parameters = {}) {
    return do_query(sql, parameters);
  }

  /// Runs a statement that returns nothing. PostgreSQL takes several at once where there are no
  /// parameters; SQLite runs only the first.
  void execute(std::string_view sql, std::initializer_list<SqlParameter> parameters = {}) {
    do_execute(sql, parameters);
  }

  /// Runs `body`, whose statements are undone together if the database refuses one of them; the
  /// transaction goes on, and the error is returned. Throws what does not lie with the statements,
  /// such as a lost connection.
  [[nodiscard]] std::optional<Error> attempt(const std::function<void()>& body) {
    return do_attempt(body);
  }

 private:
  virtual std::optional<Error> do_attempt(const std::function<void()>& body) = 0;
  virtual std::string do_query(std::string_view sql,
                               std::initializer_list<SqlParameter> parameters) = 0;
  virtual void do_execute(std::string_view sql, std::initializer_list<SqlParameter> parameters) = 0;
};

}  // namespace autoreply
