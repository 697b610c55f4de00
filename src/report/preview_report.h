#pragma once

#include <optional>
#include <span>
#include <string>

#include "job/conversation.h"
#include "job/verdict.h"
#include "store/job_store.h"

namespace autoreply {

/// What a run would do with one job.
struct PlannedJob {
  JobStore::Preview preview;
  std::optional<Verdict> obstacle;           ///< why it would not be answered
  std::optional<Conversation> conversation;  ///< what the provider would be asked
};

/// The plan as one JSON object on one line, without a line end.
[[nodiscard]] std::string preview_json(std::span<const PlannedJob> jobs);

/// The plan for a person.
[[nodiscard]] std::string preview_text(std::span<const PlannedJob> jobs);

}  // namespace autoreply
