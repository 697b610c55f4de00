#pragma once

#include <regex>
#include <string_view>

namespace autoreply {

/// Returns the name of a model without the vendor or collection before its last slash
/// ("openai/gpt-6-sol", "models/gemini-3.8-flash"), and at most 100 bytes of it: no vendor has
/// longer names, and std::regex recurses with the length of the text.
[[nodiscard]] std::string_view bare_model_name(std::string_view model);

/// Whether a pattern matches the whole bare name of a model.
[[nodiscard]] bool is_model(std::string_view model, const std::regex& pattern);

}  // namespace autoreply
