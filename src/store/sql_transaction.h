#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store/sql_statement.h"

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

  /// Runs a statement, of whose parts one at most returns a row, of one text column. Returns that
  /// text; empty for NULL or no row.
  std::string run(const SqlStatement& statement,
                  std::initializer_list<SqlParameter> parameters = {}) {
    std::string text;
    for (const SqlStatement::Part& part : statement.parts) {
      std::string found = run_part(part, parameters);
      if (!found.empty()) text = std::move(found);
    }
    return text;
  }

  /// The same for a text that is used once.
  std::string run(std::string_view text, std::initializer_list<SqlParameter> parameters = {}) {
    return run(to_statement(text), parameters);
  }

  /// Runs `body`, whose statements are undone together if the database refuses one of them; the
  /// transaction goes on, and the error is returned. Throws what does not lie with the statements,
  /// such as a lost connection.
  [[nodiscard]] virtual std::optional<Error> attempt(const std::function<void()>& body) = 0;

 private:
  [[nodiscard]] virtual SqlStatement to_statement(std::string_view text) const = 0;
  virtual std::string run_part(const SqlStatement::Part& part,
                               std::initializer_list<SqlParameter> parameters) = 0;
};

}  // namespace autoreply
