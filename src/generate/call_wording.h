#pragma once

#include <string_view>

namespace autoreply {

/// Whether `text` holds nothing but the labels, names and brackets that models put round a tool
/// call: "Calling tool: lookup", "json", `<tools></tools>`, "<". True for a blank one. Says nothing
/// of whether there was a call. Looks at short texts only. Pure.
[[nodiscard]] bool is_call_wording(std::string_view text);

}  // namespace autoreply
