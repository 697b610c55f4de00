#pragma once

#include <optional>
#include <string>
#include <vector>

#include "claim/claim.h"
#include "job/attempt_result.h"
#include "job/conversation.h"
#include "job/peer.h"

namespace autoreply {

/// What a run would do with one job.
struct PlannedJob {
  PreviewedJob preview;
  Route route;                                ///< of the job's workspace
  std::optional<AttemptResult> early_result;  ///< of an attempt that would make no call
  std::optional<Conversation> conversation;   ///< what would be sent to the provider
};

/// What a run would do.
struct RunPlan {
  std::vector<PlannedJob> jobs;
  Waiting waiting;  ///< the due jobs, those of the plan included
};

/// Returns the plan as one JSON object on one line, without a line feed.
[[nodiscard]] std::string preview_json(const RunPlan& plan);

/// Returns the plan as text for people.
[[nodiscard]] std::string preview_text(const RunPlan& plan);

}  // namespace autoreply
