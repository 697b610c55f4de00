#pragma once

#include <chrono>
#include <optional>

#include "generate/error_body.h"
#include "net/http_message.h"

namespace autoreply {

/// How long a provider asks to be left alone, in order of trust: `retry-after-ms`, `Retry-After`
/// (of the answer, then of the headers that OpenRouter passes on inside the body), the body's own
/// field (Google's RetryInfo, `retry_after`), the reset header of a bucket with nothing remaining
/// (the longest of them), "try again in …" in the texts. Empty if it does not say. Pure: `now`
/// counts only if there is no `Date` header for a date to be compared with.
[[nodiscard]] std::optional<std::chrono::milliseconds> wait_hint(
    const HttpHeaders& headers, const ErrorBody& error, std::chrono::system_clock::time_point now);

}  // namespace autoreply
