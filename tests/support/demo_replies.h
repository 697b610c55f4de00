#pragma once

#include <string>
#include <string_view>

namespace autoreply::test {

/// What the demo's small businesses reply to a customer: an answer chosen by the words of the
/// message, or a polite promise to call back. No AI is asked.
[[nodiscard]] std::string demo_reply(std::string_view message);

}  // namespace autoreply::test
