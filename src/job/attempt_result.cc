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

}  // namespace autoreply
