#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>

#include "base/text.h"
#include "generate/errors/error_signs.h"

namespace autoreply {
namespace {

/// Request fields that come from the workspace's settings or are derived from them.
constexpr auto kSettings = std::to_array<std::string_view>({"max_tokens",
                                                            "max_completion_tokens",
                                                            "max_output_tokens",
                                                            "maxoutputtokens",
                                                            "max_new_tokens",
                                                            "reasoning_effort",
                                                            "temperature",
                                                            "model",
                                                            "thinking",
                                                            "store"});

bool is_word_byte(char character) {
  return std::isalnum(static_cast<unsigned char>(character)) != 0 || character == '_';
}

/// Whether a lower-case text talks about a field rather than about the thing that the field is
/// named after. A name with an underscore always means the field. Other names must be in quotes,
/// follow "parameter" or "argument", or precede a complaint.
bool names_field(std::string_view text, std::string_view field) {
  constexpr auto kFollows = std::to_array<std::string_view>(
      {":", " must", " is not", " does not", " should", " out of", " is too", " cannot", " value"});
  for (std::size_t at = text.find(field); at != std::string_view::npos;
       at = text.find(field, at + 1)) {
    const std::string_view before = text.substr(0, at);
    const std::string_view after = text.substr(at + field.size());
    if ((!before.empty() && is_word_byte(before.back())) ||
        (!after.empty() && is_word_byte(after.front()))) {
      continue;
    }
    if (field.find('_') != std::string_view::npos) return true;
    const bool quoted = !before.empty() && !after.empty() && before.back() == after.front() &&
                        std::string_view("'\"`").find(after.front()) != std::string_view::npos;
    const bool parameter = before.ends_with("parameter ") || before.ends_with("parameter: ") ||
                           before.ends_with("argument: ") || before.ends_with("argument ");
    if (quoted || parameter ||
        std::any_of(kFollows.begin(), kFollows.end(), [&](std::string_view follow) {
          return after.starts_with(follow);
        })) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::string blamed_setting(const ErrorBody& error) {
  const std::string param = lower_case(error.param);
  if (std::find(kSettings.begin(), kSettings.end(), param) != kSettings.end()) return error.param;
  if (!param.empty()) return "";
  for (const std::string& original : error.texts) {
    const std::string text = lower_case(original);
    for (const std::string_view field : kSettings) {
      if (field != "model" && names_field(text, field)) return std::string(field);
    }
  }
  return "";
}

}  // namespace autoreply
