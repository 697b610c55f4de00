#pragma once

#include <string_view>

namespace autoreply {

/// Whether `text` contains only the labels, names and brackets that models put around a tool call:
/// "Calling tool: lookup", "json", `<tools></tools>`, "<". True for a blank text. Does not say
/// whether there was a call. False for long texts. Pure.
[[nodiscard]] bool is_call_wording(std::string_view text);

}  // namespace autoreply
