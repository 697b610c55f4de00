#pragma once

#include <chrono>
#include <string>

#include "base/secret.h"
#include "job/verdict.h"
#include "net/http_message.h"

namespace autoreply {

/// What a verdict's reason may name.
struct CallFacts {
  std::string provider;
  std::string model;
  std::chrono::system_clock::time_point now;
};

/// How long a key that was refused, or whose account has no credit left, is left alone.
inline constexpr std::chrono::milliseconds kRefusedKeyWait = std::chrono::minutes(5);
/// How long a throttled key is left alone where the provider does not say.
inline constexpr std::chrono::milliseconds kThrottleWait = std::chrono::seconds(30);

/// No provider shuts a tenant out for longer, whatever a header says.
inline constexpr std::chrono::milliseconds kProviderWaitMax = std::chrono::hours(24);

/// Makes a verdict of the step "generate", its reason masked and at most 300 bytes. `said` is what
/// the answer tells about the provider and the key; `nothing` where none was asked.
[[nodiscard]] Verdict generate_verdict(
    Verdict::Kind kind,
    CallReport::Result said,
    const std::string& reason,
    std::optional<std::chrono::milliseconds> wait = std::nullopt);

/// The verdict on a call that got no answer.
[[nodiscard]] Verdict classify_failure(const HttpFailure& failure, const CallFacts& facts);

/// The verdict on an answer that is an error: any status but 2xx, or a 2xx whose body holds an
/// error object, which then counts by its own code. Follows the table of section 5 of the contract;
/// never looks at message texts but for a wait.
[[nodiscard]] Verdict classify_error(const HttpResponse& response, const CallFacts& facts);

}  // namespace autoreply
