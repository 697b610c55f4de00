#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace autoreply {

/// Whether a contact's status, in any spelling, says that the contact wants no messages. Compares
/// only letters and digits and ignores case. Checks our list and the operator's additions in
/// `more`. Pure.
[[nodiscard]] bool says_opted_out(std::string_view status, const std::vector<std::string>& more);

}  // namespace autoreply
