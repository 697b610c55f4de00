#include "run/exit_status.h"

#include <algorithm>

#include "run/summary.h"

namespace autoreply {

ExitStatus exit_status(const Summary& summary, FailOn fail_on) {
  if (summary.database_lost) return ExitStatus::unavailable;
  if (summary.settlements_refused || summary.broken) return ExitStatus::internal;
  const auto holds_back = [&](Scope scope) {
    return std::ranges::any_of(summary.breakers,
                               [scope](const HeldBack& one) { return one.scope == scope; });
  };
  if (!summary.misfit.empty() || summary.for_operator_last > 0 || holds_back(Scope::the_operator)) {
    return ExitStatus::misconfigured;
  }
  if (summary.failed_last > 0)
    return fail_on == FailOn::never ? ExitStatus::ok : ExitStatus::failed;
  const bool to_be_tried_again = summary.unfinished_last > 0 || holds_back(Scope::job) ||
                                 summary.turn_missed || summary.row_refused;
  return to_be_tried_again && fail_on == FailOn::retry ? ExitStatus::retry : ExitStatus::ok;
}

}  // namespace autoreply
