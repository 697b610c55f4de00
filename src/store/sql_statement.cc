#include "store/sql_statement.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "base/text.h"

namespace autoreply {
namespace {

constexpr std::string_view kPartEnd = ";\n";

bool begins_name(char character) {
  return std::isalpha(static_cast<unsigned char>(character)) != 0 || character == '_';
}

bool continues_name(char character) {
  return std::isalnum(static_cast<unsigned char>(character)) != 0 || character == '_';
}

/// The length of the plain text at the beginning of `sql`: up to the next parameter, quoted text or
/// cast, or one of the latter two.
std::size_t plain_length(std::string_view sql) {
  if (sql[0] == '\'' || sql[0] == '"') {
    const std::size_t end = sql.find(sql[0], 1);
    return end == std::string_view::npos ? sql.size() : end + 1;
  }
  if (sql.starts_with("::")) return 2;
  return std::min(sql.find_first_of("'\":", 1), sql.size());
}

/// Splits a statement into pieces of plain text and parameters, and passes each to `on_text` or, by
/// name, to `on_parameter`. Casts (`::`) and quoted text are plain; comments are not recognized.
template <class OnText, class OnParameter>
void scan(std::string_view sql, OnText on_text, OnParameter on_parameter) {
  while (!sql.empty()) {
    if (sql[0] == ':' && sql.size() > 1 && begins_name(sql[1])) {
      const auto* const end = std::find_if_not(sql.begin() + 1, sql.end(), continues_name);
      const std::string_view name(sql.begin() + 1, end);
      on_parameter(name);
      sql.remove_prefix(1 + name.size());
    } else {
      const std::size_t length = plain_length(sql);
      on_text(sql.substr(0, length));
      sql.remove_prefix(length);
    }
  }
}

/// The place of a name among `names`, to which it is added if it is new.
std::size_t place_of(std::string_view name, std::vector<std::string>& names) {
  const auto found = std::ranges::find(names, name);
  const auto place = static_cast<std::size_t>(found - names.begin());
  if (found == names.end()) names.emplace_back(name);
  return place;
}

}  // namespace

std::vector<std::string_view> sql_parts(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(kPartEnd), text.size());
    const std::string_view part = trimmed(text.substr(0, end));
    if (!part.empty()) parts.push_back(part);
    text.remove_prefix(std::min(end + kPartEnd.size(), text.size()));
  }
  return parts;
}

SqlStatement SqlStatement::with_numbers(std::string_view text) {
  if (trimmed(text).empty()) return {};
  Part made;
  made.sql.reserve(text.size());
  scan(
      text,
      [&](std::string_view plain) { made.sql += plain; },
      [&](std::string_view name) {
        made.parameters.emplace_back(name);
        made.sql += '$' + std::to_string(made.parameters.size());
      });
  return {{std::move(made)}};
}

SqlStatement SqlStatement::with_shared_numbers(std::string_view text) {
  Part made;
  scan(
      text,
      [&](std::string_view plain) { made.sql += plain; },
      [&](std::string_view name) {
        made.sql += '$' + std::to_string(place_of(name, made.parameters) + 1);
      });
  return {{std::move(made)}};
}

SqlStatement SqlStatement::with_names(std::string_view text) {
  SqlStatement statement;
  for (const std::string_view part : sql_parts(text)) {
    Part made{.sql = std::string(part), .parameters = {}};
    scan(
        part,
        [](std::string_view) {},
        [&](std::string_view name) { place_of(name, made.parameters); });
    statement.parts.push_back(std::move(made));
  }
  return statement;
}

}  // namespace autoreply
