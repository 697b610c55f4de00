#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "net/http_message.h"

namespace autoreply {

/// The longest wait that we accept from a peer.
inline constexpr std::chrono::milliseconds kWaitMax = std::chrono::hours(24);

/// Converts seconds to a wait, rounded up to milliseconds and capped at `kWaitMax`. Empty unless
/// positive and finite.
[[nodiscard]] std::optional<std::chrono::milliseconds> wait_of_seconds(double seconds);

/// Parses a whole text as a decimal number. Empty for anything else.
[[nodiscard]] std::optional<double> parse_decimal(std::string_view text);

/// Parses a duration as Go and protobuf write it: "7.66s", "6m0s", "10h17m5.7s", "120ms". A bare
/// number is seconds. Capped at `kWaitMax`. Empty for anything else, and unless positive.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_wait_duration(std::string_view text);

/// Parses a wait in any form that headers and bodies use: a duration, a date (RFC 9110 or RFC
/// 3339), or a moment in seconds or milliseconds since 1970, which is any number of 1e9 and above.
/// Empty for anything else, and for a moment before `now`.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_wait(
    std::string_view text, std::chrono::system_clock::time_point now);

/// Returns the other side's current time: its `Date` header, or `now` if there is none.
[[nodiscard]] std::chrono::system_clock::time_point date_of(
    const HttpHeaders& headers, std::chrono::system_clock::time_point now);

/// Returns how long an answer asks us to wait, from `retry-after-ms` (OpenAI, Azure),
/// `x-ms-retry-after-ms`, `Retry-After` (RFC 9110, section 10.2.3: seconds, or a date, which counts
/// from the answer's own `Date`) or `x-retry-after`. Peers also write any other form of
/// `parse_wait`. Pure.
[[nodiscard]] std::optional<std::chrono::milliseconds> retry_after(
    const HttpHeaders& headers, std::chrono::system_clock::time_point now);

/// Returns how long until all exhausted limits admit a request again: the longest wait in
/// `RateLimit-Reset`, `X-RateLimit-Reset` and related headers, in any form of `parse_wait`. A reset
/// header without a "remaining" header counts as exhausted. Pure.
[[nodiscard]] std::optional<std::chrono::milliseconds> wait_of_exhausted_limits(
    const HttpHeaders& headers, std::chrono::system_clock::time_point now);

}  // namespace autoreply
