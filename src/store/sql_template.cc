#include "store/sql_template.h"

#include <array>
#include <cctype>
#include <utility>

#include "job/outcome.h"

namespace autoreply {

std::string replaced(std::string text, std::string_view placeholder, std::string_view value) {
  for (std::size_t at = text.find(placeholder); at != std::string::npos;
       at = text.find(placeholder, at + value.size())) {
    text.replace(at, placeholder.size(), value);
  }
  return text;
}

std::string with_outcome_notes(std::string_view sql) {
  constexpr auto kNotes = std::to_array<std::pair<std::string_view, std::string_view>>({
      {"{completed_note}", kCompletedNote},
      {"{retried_note}", kRetriedNote},
      {"{failed_note}", kFailedNote},
      {"{deferred_note}", kDeferredNote},
      {"{in_doubt_note}", kInDoubtNote},
      {"{kept_in_doubt_note}", kKeptInDoubtNote},
      {"{superseded_note}", kSupersededNote},
  });
  std::string text(sql);
  for (const auto& [placeholder, note] : kNotes)
    text = replaced(std::move(text), placeholder, note);
  return text;
}

std::string with_own_tables(std::string_view sql, std::string_view prefix) {
  constexpr std::string_view kOwn = "autoreply_";
  constexpr std::string_view kNoWordBegins = "'\".}";
  std::string text;
  for (std::size_t at = sql.find(kOwn); at != std::string_view::npos; at = sql.find(kOwn)) {
    const char before = at > 0 ? sql[at - 1] : ' ';
    const bool is_word = std::isalnum(static_cast<unsigned char>(before)) == 0 && before != '_' &&
                         kNoWordBegins.find(before) == std::string_view::npos;
    text += sql.substr(0, at);
    if (is_word) text += prefix;
    text += kOwn;
    sql.remove_prefix(at + kOwn.size());
  }
  text += sql;
  return replaced(std::move(text), "{own}", prefix);
}

std::string quoted_identifier(std::string_view name) {
  std::string quoted = "\"";
  for (const char character : name) {
    if (character == '"') quoted += character;
    quoted += character;
  }
  return quoted + '"';
}

std::string quoted_name(std::string_view name) {
  std::string quoted = "\"";
  for (const char character : name) {
    if (character == '.') {
      quoted += "\".\"";
    } else if (character == '"') {
      quoted += "\"\"";
    } else {
      quoted += character;
    }
  }
  return quoted + '"';
}

std::string with_tables(std::string_view sql, const TableNames& tables) {
  const std::array<std::pair<std::string_view, std::string>, 5> names{{
      {"{queue}", quoted_name(tables.queue)},
      {"{logs}", quoted_name(tables.logs)},
      {"{messages}", quoted_name(tables.messages)},
      {"{contacts}", quoted_name(tables.contacts)},
      {"{config}", quoted_name(tables.config)},
  }};
  std::string text(sql);
  for (const auto& [placeholder, name] : names) text = replaced(std::move(text), placeholder, name);
  return text;
}

}  // namespace autoreply
