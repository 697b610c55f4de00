#pragma once

#include <chrono>
#include <string>

#include "job/answer.h"
#include "net/http_message.h"

namespace autoreply {

/// What the reason of an answer may name.
struct CallFacts {
  std::string provider;
  std::string model;
  std::chrono::system_clock::time_point now;
};

/// Makes an answer with its reason masked and at most 300 bytes long.
[[nodiscard]] Answer answered(Finding finding, const std::string& reason);

/// What a call that got no answer means.
[[nodiscard]] Answer classify_failure(const HttpFailure& failure, const CallFacts& facts);

/// What an answer that is an error means: any status but 2xx, or a 2xx whose body holds an error
/// object, which then counts by its own code. The first row that fits in the table of section 5 of
/// the contract; codes count more than the status, and texts only if there is no known code.
[[nodiscard]] Answer classify_error(const HttpResponse& response, const CallFacts& facts);

}  // namespace autoreply
