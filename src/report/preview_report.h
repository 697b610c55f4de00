#pragma once

#include <optional>
#include <span>
#include <string>

#include "claim/claim.h"
#include "job/attempt_result.h"
#include "job/conversation.h"

namespace autoreply {

/// What a run would do with one job.
struct PlannedJob {
  PreviewedJob preview;
  std::optional<AttemptResult> early_result;  ///< of an attempt that would make no call
  std::optional<Conversation> conversation;   ///< what would be sent to the provider
};

/// Returns the plan as one JSON object on one line, without a line feed.
[[nodiscard]] std::string preview_json(std::span<const PlannedJob> jobs);

/// Returns the plan as text for people.
[[nodiscard]] std::string preview_text(std::span<const PlannedJob> jobs);

}  // namespace autoreply
