#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace autoreply {

/// A statement in the form that its database takes, or several that run one after the other.
struct SqlStatement {
  struct Part {
    std::string sql;
    std::vector<std::string> parameters;  ///< names, in the order in which the database binds them
  };
  std::vector<Part> parts;

  /// For PostgreSQL: parameters (`:name`) become $1, $2, … Each occurrence gets its own number, so
  /// it may have its own type. A text without parameters may hold several statements.
  [[nodiscard]] static SqlStatement with_numbers(std::string_view text);
  /// For the body of a function of PostgreSQL: the same, but all occurrences of a parameter share
  /// one number.
  [[nodiscard]] static SqlStatement with_shared_numbers(std::string_view text);
  /// For SQLite: parameters keep their names. A semicolon at the end of a line separates
  /// statements.
  [[nodiscard]] static SqlStatement with_names(std::string_view text);
};

/// The statements of a text, without blank ones. A semicolon at the end of a line separates them.
[[nodiscard]] std::vector<std::string_view> sql_parts(std::string_view text);

}  // namespace autoreply
