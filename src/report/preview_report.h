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
  std::optional<Conversation> conversation;   ///< what the provider would be asked
};

/// The plan as one JSON object on one line, without a line end.
[[nodiscard]] std::string preview_json(std::span<const PlannedJob> jobs);

/// The plan for a person.
[[nodiscard]] std::string preview_text(std::span<const PlannedJob> jobs);

}  // namespace autoreply
