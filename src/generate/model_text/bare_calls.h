#pragma once

#include <string_view>

namespace autoreply {

/// Whether the whole text consists of calls in a program's syntax, in a code fence or not:
/// `lookup_hours()`, `hours(day="Sunday")`, `functions.x:0{…}`, `[x(), y()]`. An identifier that
/// might be a plain word must have named arguments. Linear. Pure.
[[nodiscard]] bool is_bare_call(std::string_view text);

}  // namespace autoreply
