#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace autoreply {

/// A statement as its database takes it, or several that are run one after the other.
struct SqlStatement {
  struct Part {
    std::string sql;
    std::vector<std::string> parameters;  ///< their names, as the database binds them
  };
  std::vector<Part> parts;

  /// For PostgreSQL: parameters (`:name`) become $1, $2, … Each place gets a number of its own, so
  /// its type is its own too. A text without parameters may hold several statements.
  [[nodiscard]] static SqlStatement with_numbers(std::string_view text);
  /// For SQLite: parameters keep their names. A semicolon at the end of a line separates
  /// statements.
  [[nodiscard]] static SqlStatement with_names(std::string_view text);
};

/// The statements of a text, separated by a semicolon at the end of a line; without blank ones.
[[nodiscard]] std::vector<std::string_view> sql_parts(std::string_view text);

}  // namespace autoreply
