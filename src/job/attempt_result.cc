#include "job/attempt_result.h"

namespace autoreply {

std::string_view to_string(Step step) {
  switch (step) {
    case Step::claim:
      return "claim";
    case Step::context:
      return "context";
    case Step::generate:
      return "generate";
    case Step::record:
      return "record";
    case Step::deliver:
      return "deliver";
    case Step::run:
      return "run";
  }
  return "unknown";
}

PreviousAttempt previous_attempt(std::string_view error) {
  PreviousAttempt previous;
  const std::string step = std::string(to_string(Step::generate)) + ": ";
  if (!error.starts_with(step)) return previous;
  error.remove_prefix(step.size());
  previous.failed_to_generate = true;
  if (error.starts_with(kByFallback)) {
    previous.by_fallback = true;
    error.remove_prefix(kByFallback.size());
  }
  const bool is_cut = error.starts_with(kAnswerCut);
  previous.was_cut_or_empty = is_cut || error.starts_with(kAnswerEmpty);
  previous.ran_out_of_tokens = is_cut || error.starts_with(kAnswerSpent);
  return previous;
}

}  // namespace autoreply
