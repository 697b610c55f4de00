#include "generate/model_text/bare_calls.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"
#include "generate/model_text/fences.h"

namespace autoreply {
namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

std::size_t identifier_length(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), [](unsigned char character) {
    return std::isalnum(character) != 0 || character == '_' || character == '.';
  });
  return static_cast<std::size_t>(end - text.begin());
}

/// Whether a known prefix, or the brackets that Llama adds, prove that this is a call.
bool is_known_call(std::string_view text) {
  for (const std::string_view prefix :
       {"functions.", "default_api.", "print(default_api.", "to=functions."}) {
    if (!text.starts_with(prefix)) continue;
    const std::size_t length = identifier_length(text.substr(prefix.size()));
    const std::string_view rest = trimmed(text.substr(prefix.size() + length));
    return length > 0 && (rest.starts_with('(') || rest.starts_with('{') || rest.starts_with(':') ||
                          rest.empty());
  }
  if (!text.starts_with('[') || !text.ends_with(")]")) return false;
  const std::size_t length = identifier_length(text.substr(1));
  const std::string_view rest = text.substr(1 + length);
  return length > 0 && rest.starts_with('(') &&
         (rest.starts_with("()") || rest.find('=') != kNowhere);
}

/// Returns the position of the bracket that closes the one at the start of `text`, or `kNowhere`.
std::size_t closing_bracket(std::string_view text) {
  std::size_t depth = 0;
  char quote = '\0';
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char character = text[at];
    if (quote != '\0') {
      if (character == '\\') {
        ++at;
      } else if (character == quote) {
        quote = '\0';
      }
    } else if (character == '"' || character == '\'') {
      quote = character;
    } else if (character == '(') {
      ++depth;
    } else if (character == ')' && --depth == 0) {
      return at;
    }
  }
  return kNowhere;
}

/// Accepts `day="Sunday"` or an object.
bool has_named_arguments(std::string_view arguments) {
  arguments = trimmed(arguments);
  if (arguments.starts_with('{')) return arguments.ends_with('}');
  const std::size_t length = identifier_length(arguments);
  return length > 0 && trimmed(arguments.substr(length)).starts_with('=');
}

/// Removes one call from the front of `text`. Returns false if there is none.
bool take_call(std::string_view& text) {
  constexpr std::string_view kAwait = "await ";
  constexpr std::string_view kPrint = "print(";
  if (text.starts_with(kAwait)) text = trimmed(text.substr(kAwait.size()));
  const bool printed = text.starts_with(kPrint);
  if (printed) text = trimmed(text.substr(kPrint.size()));
  if (text.starts_with(kAwait)) text = trimmed(text.substr(kAwait.size()));
  const std::size_t length = identifier_length(text);
  if (length == 0 || std::isdigit(static_cast<unsigned char>(text.front())) != 0 ||
      !text.substr(length).starts_with('(')) {
    return false;
  }
  const std::string_view name = text.substr(0, length);
  const std::size_t end = closing_bracket(text.substr(length));
  if (end == kNowhere) return false;
  if (name.find('_') == kNowhere && !has_named_arguments(text.substr(length + 1, end - 1))) {
    return false;
  }
  text = trimmed(text.substr(length + end + 1));
  if (printed) {
    if (!text.starts_with(')')) return false;
    text = trimmed(text.substr(1));
  }
  if (text.starts_with(';') || text.starts_with(',')) text = trimmed(text.substr(1));
  return true;
}

}  // namespace

bool is_bare_call(std::string_view text) {
  text = without_fence(text);
  if (text.size() > 2 && text.starts_with('`') && text.ends_with('`') && text[1] != '`') {
    text = trimmed(text.substr(1, text.size() - 2));
  }
  if (text.empty()) return false;
  if (is_known_call(text)) return true;
  while (!text.empty()) {
    if (!take_call(text)) return false;
  }
  return true;
}

}  // namespace autoreply
