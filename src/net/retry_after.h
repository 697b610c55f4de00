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

/// Reads a duration as Go and protobuf write it: "7.66s", "6m0s", "10h17m5.7s", "120ms"; a number
/// alone is seconds. Empty for anything else, and unless positive; at most `kWaitMax`.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_wait_duration(std::string_view text);

/// Reads how long to wait in any form that is met in headers and bodies: a duration, a date (RFC
/// 9110 or RFC 3339), or a moment in seconds or milliseconds since 1970, which a number of 1e9 and
/// above is. Empty for anything else, and for a moment that `now` has passed.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_wait(
    std::string_view text, std::chrono::system_clock::time_point now);

/// The moment the other side thinks it is: its `Date` header, or `now` if there is none.
[[nodiscard]] std::chrono::system_clock::time_point date_of(
    const HttpHeaders& headers, std::chrono::system_clock::time_point now);

/// How long an answer asks to be left alone, by `retry-after-ms` (OpenAI, Azure),
/// `x-ms-retry-after-ms` or `Retry-After` (RFC 9110, section 10.2.3: seconds, or a date, which
/// counts from the answer's own `Date`; peers write every other form of `parse_wait`, too). Pure.
[[nodiscard]] std::optional<std::chrono::milliseconds> retry_after(
    const HttpHeaders& headers, std::chrono::system_clock::time_point now);

/// How long until the limits let one in again that have nothing remaining: the longest of the
/// headers `RateLimit-Reset`, `X-RateLimit-Reset` and their relatives, in any form of `parse_wait`.
/// Without a header of what remains, the reset alone counts. Pure.
[[nodiscard]] std::optional<std::chrono::milliseconds> wait_of_exhausted_limits(
    const HttpHeaders& headers, std::chrono::system_clock::time_point now);

}  // namespace autoreply
