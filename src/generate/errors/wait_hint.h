#pragma once

#include <chrono>
#include <optional>

#include "generate/errors/error_body.h"
#include "net/http_message.h"

namespace autoreply {

/// Returns how long a provider asks us to wait. Sources, most trusted first: `retry-after-ms` and
/// `Retry-After` (of the answer, then of the headers that OpenRouter passes on inside the body),
/// the body's own field (Google's RetryInfo, `retry_after`), the reset header of an exhausted limit
/// (the longest wait), "try again in …" in the texts. Empty if there is no hint. Pure: `now`
/// matters only if there is no `Date` header to compare dates with.
[[nodiscard]] std::optional<std::chrono::milliseconds> wait_hint(
    const HttpHeaders& headers, const ErrorBody& error, std::chrono::system_clock::time_point now);

}  // namespace autoreply
