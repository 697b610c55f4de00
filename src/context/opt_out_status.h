#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace autoreply {

/// Whether a contact's status says that the contact wants no messages, in any spelling: letters and
/// digits alone are compared, in any case, with our list and with `more` of the operator's. Pure.
[[nodiscard]] bool says_opted_out(std::string_view status, const std::vector<std::string>& more);

}  // namespace autoreply
