#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "net/http_message.h"

namespace autoreply {

/// The longest wait that is believed.
inline constexpr std::chrono::milliseconds kWaitMax = std::chrono::hours(24);

/// Takes seconds for a wait: rounded up to milliseconds, at most `kWaitMax`. Empty unless positive
/// and finite.
[[nodiscard]] std::optional<std::chrono::milliseconds> wait_of_seconds(double seconds);

/// Reads a whole text as a decimal number. Empty for anything else.
[[nodiscard]] std::optional<double> parse_decimal(std::string_view text);

/// The moment the other side thinks it is: its `Date` header, or `now` where there is none.
[[nodiscard]] std::chrono::system_clock::time_point date_of(
    const HttpHeaders& headers, std::chrono::system_clock::time_point now);

/// How long an answer asks to be left alone, by `retry-after-ms` (OpenAI, Azure) or `Retry-After`
/// (RFC 9110, section 10.2.3: seconds, or a date, which counts from the answer's own `Date`). Pure.
[[nodiscard]] std::optional<std::chrono::milliseconds> retry_after(
    const HttpHeaders& headers, std::chrono::system_clock::time_point now);

}  // namespace autoreply
