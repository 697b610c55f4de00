#pragma once

#include <string_view>

namespace autoreply {

/// Whether the whole text is one or more calls as a program makes them: `lookup_hours()`,
/// `hours(day="Sunday")`, in a code fence or not, `functions.x:0{…}`, `[x(), y()]`. An identifier
/// that might be a word needs named arguments. Linear. Pure.
[[nodiscard]] bool is_bare_call(std::string_view text);

}  // namespace autoreply
