#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace autoreply {

/// The content of an answer that is only JSON.
struct JsonAnswer {
  std::string reply;  ///< blank if there is none
  bool calls_tools = false;
};

/// Parses an answer that is one object or a list of objects, in a code fence or not, with no words
/// around it except those that announce a call. `{"thinking": …, "response": …}` contains a reply.
/// An object without one is a tool call in one of many dialects. Empty for any other text. Linear.
/// Pure.
[[nodiscard]] std::optional<JsonAnswer> json_answer(std::string_view text);

/// Same, but only for a text that begins with the JSON or its fence.
[[nodiscard]] std::optional<JsonAnswer> bare_json_answer(std::string_view text);

}  // namespace autoreply
