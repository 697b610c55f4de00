#pragma once

#include <string>
#include <string_view>

namespace autoreply::test {

/// Returns the reply of the demo's small businesses to a customer: an answer chosen by the words of
/// the message, or a polite promise to call back. No AI is involved.
[[nodiscard]] std::string demo_reply(std::string_view message);

}  // namespace autoreply::test
