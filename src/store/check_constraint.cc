#include "store/check_constraint.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>

namespace autoreply {
namespace {

bool is_name_part(char character) {
  return std::isalnum(static_cast<unsigned char>(character)) != 0 || character == '_';
}

/// Takes a word from the start of a definition; empty if there is none.
std::string_view take_word(std::string_view& rest) {
  const auto end = std::find_if_not(rest.begin(), rest.end(), is_name_part);
  const auto word = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
  rest.remove_prefix(word.size());
  return word;
}

/// Takes a quoted text from the start; quotes inside it are doubled.
std::optional<std::string> take_literal(std::string_view& rest) {
  std::string value;
  for (std::size_t at = 1; at < rest.size(); ++at) {
    if (rest[at] != '\'') {
      value += rest[at];
    } else if (rest.substr(at + 1).starts_with('\'')) {
      value += rest[at++];
    } else {
      rest.remove_prefix(at + 1);
      return value;
    }
  }
  return std::nullopt;
}

/// Drops a cast after a value: `::text`, `::character varying(20)[]`, `::public.status`. Returns
/// whether it could be read.
bool drop_cast(std::string_view& rest) {
  constexpr std::string_view kVarying = "character varying";
  rest.remove_prefix(2);
  if (rest.starts_with(kVarying)) {
    rest.remove_prefix(kVarying.size());
  } else {
    const std::size_t end =
        std::min(rest.find_first_not_of(
                     "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.\""),
                 rest.size());
    if (end == 0) return false;
    rest.remove_prefix(end);
  }
  if (rest.starts_with('(')) rest.remove_prefix(std::min(rest.find(')'), rest.size() - 1) + 1);
  if (rest.starts_with("[]")) rest.remove_prefix(2);
  return true;
}

}  // namespace

std::optional<std::vector<std::string>> listed_values(std::string_view definition,
                                                      std::string_view column) {
  constexpr std::array<std::string_view, 5> kWords{"CHECK", "VALUE", "ANY", "ARRAY", "OR"};
  constexpr std::string_view kNotValid = " NOT VALID";
  if (definition.ends_with(kNotValid)) definition.remove_suffix(kNotValid.size());
  std::vector<std::string> values;
  bool compares = false;
  while (!definition.empty()) {
    if (definition[0] == '\'') {
      auto value = take_literal(definition);
      if (!value) return std::nullopt;
      values.push_back(std::move(*value));
    } else if (definition.starts_with("::")) {
      if (!drop_cast(definition)) return std::nullopt;
    } else if (is_name_part(definition[0])) {
      const std::string_view word = take_word(definition);
      const bool known =
          word == column || std::find(kWords.begin(), kWords.end(), word) != kWords.end();
      if (!known) return std::nullopt;
    } else {
      if (std::string_view("()[], =").find(definition[0]) == std::string_view::npos) {
        return std::nullopt;
      }
      compares = compares || definition[0] == '=';
      definition.remove_prefix(1);
    }
  }
  if (!compares || values.empty()) return std::nullopt;
  return values;
}

}  // namespace autoreply
