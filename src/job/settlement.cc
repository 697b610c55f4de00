#include "job/settlement.h"

namespace autoreply {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::completed:
      return "completed";
    case Outcome::skipped:
      return "skipped";
    case Outcome::retried:
      return "retried";
    case Outcome::failed:
      return "failed";
    case Outcome::deferred:
      return "deferred";
    case Outcome::released:
      return "released";
  }
  return "unknown";
}

std::string_view Settlement::status() const {
  switch (outcome) {
    case Outcome::completed:
    case Outcome::skipped:
      return "complete";
    case Outcome::failed:
      return "error";
    case Outcome::retried:
    case Outcome::deferred:
    case Outcome::released:
      return "pending";
  }
  return "pending";
}

}  // namespace autoreply
