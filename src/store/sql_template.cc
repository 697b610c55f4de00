#include "store/sql_template.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "job/outcome.h"

namespace autoreply {
namespace {

constexpr std::string_view kBlanks = " \n";

/// The position of the brace that closes the one at the beginning of `text`.
std::size_t closing_brace(std::string_view text) {
  int depth = 0;
  for (std::size_t at = 0; at != std::string_view::npos; at = text.find_first_of("{}", at + 1)) {
    depth += text[at] == '{' ? 1 : -1;
    if (depth == 0) return at;
  }
  throw std::logic_error("a placeholder is not closed: " + std::string(text.substr(0, 40)));
}

/// Removes the next word from `text` and returns it. Blanks inside braces are part of the word.
std::string_view next_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  std::size_t end = 0;
  while (end < text.size() && kBlanks.find(text[end]) == std::string_view::npos) {
    end += text[end] == '{' ? closing_brace(text.substr(end)) + 1 : 1;
  }
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end);
  return word;
}

}  // namespace

std::string SqlTemplate::filled_in(std::string_view text) const {
  return filled_in(text, {});
}

Statements SqlTemplate::statements(
    const std::function<SqlStatement(const std::string& text)>& to_statement) const {
  Statements all;
  for (const SqlFile& file : files_) {
    if (file.statement != nullptr) all.*file.statement = to_statement(filled_in(file.text));
  }
  return all;
}

std::string SqlTemplate::filled_in(std::string_view text, Scope arguments) const {
  std::string filled;
  while (!text.empty()) {
    const std::size_t at = std::min(text.find('{'), text.size());
    filled += text.substr(0, at);
    text.remove_prefix(at);
    if (text.empty()) break;
    const bool is_placeholder =
        text.size() > 1 && std::islower(static_cast<unsigned char>(text[1])) != 0;
    const std::size_t taken = is_placeholder ? closing_brace(text) + 1 : 1;
    if (is_placeholder) {
      filled += meaning_of(text.substr(1, taken - 2), arguments);
    } else {
      filled += '{';
    }
    text.remove_prefix(taken);
  }
  return filled;
}

std::string SqlTemplate::meaning_of(std::string_view placeholder, Scope arguments) const {
  const std::string_view name = next_word(placeholder);
  for (const auto& [known, value] : arguments) {
    if (known == name) return value;
  }
  const auto fragment = std::ranges::find_if(
      files_, [&](const SqlFile& file) { return file.statement == nullptr && file.name == name; });
  if (fragment != files_.end()) {
    std::vector<std::pair<std::string_view, std::string>> own;
    while (!placeholder.empty()) {
      const std::string_view argument = next_word(placeholder);
      const std::size_t equals = argument.find('=');
      own.emplace_back(argument.substr(0, equals),
                       filled_in(argument.substr(equals + 1), arguments));
    }
    return std::string(trimmed(filled_in(fragment->text, own)));
  }
  if (auto value = value_of_(name)) return std::move(*value);
  throw std::logic_error("unknown placeholder " + std::string(name));
}

std::string replaced(std::string text, std::string_view placeholder, std::string_view value) {
  for (std::size_t at = text.find(placeholder); at != std::string::npos;
       at = text.find(placeholder, at + value.size())) {
    text.replace(at, placeholder.size(), value);
  }
  return text;
}

std::optional<std::string> outcome_note_of(std::string_view placeholder) {
  constexpr auto kNotes = std::to_array<std::pair<std::string_view, std::string_view>>({
      {"completed_note", kCompletedNote},
      {"retried_note", kRetriedNote},
      {"failed_note", kFailedNote},
      {"deferred_note", kDeferredNote},
      {"in_doubt_note", kInDoubtNote},
      {"kept_in_doubt_note", kKeptInDoubtNote},
      {"superseded_note", kSupersededNote},
      {"unknown_delivery_note", kUnknownDeliveryNote},
      {"put_back_note", kPutBackNote},
      {"cancelled_note", kCancelledNote},
      {"lost_run_failure", kLostRunFailure},
  });
  for (const auto& [name, note] : kNotes) {
    if (name == placeholder) return std::string(note);
  }
  return std::nullopt;
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

std::optional<std::string> table_of(std::string_view placeholder, const TableNames& tables) {
  for (const auto& [word, name] : kTableWords) {
    if (word == placeholder) return quoted_name(tables.*name);
  }
  return std::nullopt;
}

std::string with_tables(std::string_view sql, const TableNames& tables) {
  std::string text(sql);
  for (const auto& [word, name] : kTableWords) {
    text = replaced(std::move(text), fmt::format("{{{}}}", word), quoted_name(tables.*name));
  }
  return text;
}

}  // namespace autoreply
