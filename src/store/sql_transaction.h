#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/sql_statement.h"

namespace autoreply {

/// A parameter of a statement: its name, as the statement writes it after the colon, and its value
/// as text.
struct SqlParameter {
  std::string_view name;
  std::string value;
};

/// A statement with the values of its parameters.
struct SqlCall {
  const SqlStatement& statement;
  std::vector<SqlParameter> parameters;
};

/// Runs statements in an open transaction. If a statement throws, the session that opened the
/// transaction rolls it back and returns an `Error`.
class SqlTransaction {
 public:
  SqlTransaction() = default;
  virtual ~SqlTransaction() = default;
  SqlTransaction(const SqlTransaction&) = delete;
  SqlTransaction& operator=(const SqlTransaction&) = delete;

  /// Runs a statement. At most one of its parts may return a row, of one text column. Returns that
  /// text; empty for NULL or no row.
  std::string run(const SqlStatement& statement, std::span<const SqlParameter> parameters) {
    std::string text;
    for (const SqlStatement::Part& part : statement.parts) {
      std::string found = run_part(part, parameters);
      if (!found.empty()) text = std::move(found);
    }
    return text;
  }

  std::string run(const SqlStatement& statement,
                  std::initializer_list<SqlParameter> parameters = {}) {
    return run(statement, std::span(parameters));
  }

  /// The same for a text that is used once.
  std::string run(std::string_view text, std::initializer_list<SqlParameter> parameters = {}) {
    return run(to_statement(text), parameters);
  }

  /// Runs `body`. If the database refuses one of its statements, undoes all of them and returns the
  /// error; the transaction goes on. Throws if the statements are not to blame, for example for a
  /// lost connection.
  [[nodiscard]] virtual std::optional<Error> attempt(const std::function<void()>& body) = 0;

 private:
  [[nodiscard]] virtual SqlStatement to_statement(std::string_view text) const = 0;
  virtual std::string run_part(const SqlStatement::Part& part,
                               std::span<const SqlParameter> parameters) = 0;
};

}  // namespace autoreply
