#pragma once

#include <chrono>
#include <string>

#include "job/answer.h"
#include "net/http_message.h"

namespace autoreply {

/// Facts that the reason of an answer may mention.
struct CallFacts {
  std::string provider;
  std::string model;
  std::chrono::system_clock::time_point now;
};

/// Builds an answer whose reason is masked and at most 300 bytes long.
[[nodiscard]] Answer answered(Finding finding, const std::string& reason);

/// Classifies a call that got no complete answer.
[[nodiscard]] Answer classify_failure(const HttpFailure& failure, const CallFacts& facts);

/// Classifies an error: any status except 2xx, or a 2xx answer whose body contains an error object,
/// which then counts by its own code. A known code decides first, then the texts, then the status.
[[nodiscard]] Answer classify_error(const HttpResponse& response, const CallFacts& facts);

}  // namespace autoreply
