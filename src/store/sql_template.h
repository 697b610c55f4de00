#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "statements.h"
#include "store/database_config.h"

namespace autoreply {

/// Fills in the placeholders of SQL texts.
///
/// `{name}` stands for the fragment of that name, or for a value. A fragment may contain
/// placeholders. It may also take arguments, `{name job=s since={other}}`, and refers to them as
/// `{job}` and `{since}`. An argument ends at a blank or at the closing brace.
class SqlTemplate final {
 public:
  using ValueOf = std::function<std::optional<std::string>(std::string_view name)>;

  /// `files` are those of one kind of database and hold the fragments. `value_of` gives the values
  /// of all other placeholders.
  SqlTemplate(std::span<const SqlFile> files, ValueOf value_of)
      : files_(files), value_of_(std::move(value_of)) {}

  /// Throws std::logic_error for an unknown placeholder.
  [[nodiscard]] std::string filled_in(std::string_view text) const;

  /// All statements of the files. `to_statement` makes a statement of a text without placeholders.
  [[nodiscard]] Statements statements(
      const std::function<SqlStatement(const std::string& text)>& to_statement) const;

 private:
  using Scope = std::span<const std::pair<std::string_view, std::string>>;

  [[nodiscard]] std::string filled_in(std::string_view text, Scope arguments) const;
  [[nodiscard]] std::string meaning_of(std::string_view placeholder, Scope arguments) const;

  std::span<const SqlFile> files_;
  ValueOf value_of_;
};

/// The value of a placeholder for a text in the columns `outcome` and `failures`, such as
/// `in_doubt_note`: an unquoted text of `job/outcome.h`.
[[nodiscard]] std::optional<std::string> outcome_note_of(std::string_view placeholder);

/// The value of `queue`, `logs`, `messages`, `contacts` and `config`: the quoted names of the
/// host's tables.
[[nodiscard]] std::optional<std::string> table_of(std::string_view placeholder,
                                                  const TableNames& tables);

/// Returns `sql` with the placeholders of `table_of` filled in, and no others.
[[nodiscard]] std::string with_tables(std::string_view sql, const TableNames& tables);

/// Returns `text` with every `placeholder` replaced by `value`.
[[nodiscard]] std::string replaced(std::string text,
                                   std::string_view placeholder,
                                   std::string_view value);

/// Returns `sql` with `prefix` before the name of each of our own tables and in place of `{own}`.
/// Every word that begins with `autoreply_` counts as such a name, unless it is in quotes or
/// follows a point or `{own}`.
[[nodiscard]] std::string with_own_tables(std::string_view sql, std::string_view prefix);

/// Returns a name in double quotes.
[[nodiscard]] std::string quoted_identifier(std::string_view name);

/// Returns `name` or `schema.name` with each part in double quotes.
[[nodiscard]] std::string quoted_name(std::string_view name);

}  // namespace autoreply
