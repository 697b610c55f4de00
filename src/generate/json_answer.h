#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace autoreply {

/// What an answer holds that is JSON and nothing else.
struct JsonAnswer {
  std::string reply;  ///< blank if it holds none
  bool calls_tools = false;
};

/// Reads an answer that is one object, or a list of them, in a code fence or not, with no words
/// round it but such as announce a call. `{"thinking": …, "response": …}` has a reply; what has
/// none is a tool call in one of many dialects. Empty for any other text. Linear. Pure.
[[nodiscard]] std::optional<JsonAnswer> json_answer(std::string_view text);

/// The same of a text that begins with the JSON or with its fence.
[[nodiscard]] std::optional<JsonAnswer> bare_json_answer(std::string_view text);

}  // namespace autoreply
