#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "generate/error_body.h"
#include "net/http_message.h"

namespace autoreply {

/// Reads a duration as Go and protobuf write it: "7.66s", "6m0s", "10h17m5.7s", "120ms"; a number
/// alone is seconds. Empty for anything else, and unless positive; at most a day.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_reset_duration(std::string_view text);

/// How long a provider asks to be left alone, in order of trust: `retry-after-ms`, `Retry-After`,
/// Google's RetryInfo, the reset header of a bucket with nothing remaining (the longest of them),
/// "try again in …" in the message. Empty where it does not say. Pure: `now` counts only where a
/// date has no `Date` header to be compared with.
[[nodiscard]] std::optional<std::chrono::milliseconds> wait_hint(
    const HttpHeaders& headers, const ErrorBody& error, std::chrono::system_clock::time_point now);

}  // namespace autoreply
