#include "run/exit_status.h"

namespace autoreply {

ExitStatus exit_status(const Summary& summary, FailOn fail_on) {
  if (summary.database_lost) return ExitStatus::unavailable;
  if (summary.settlements_refused || summary.broken) return ExitStatus::internal;
  if (!summary.misfit.empty()) return ExitStatus::misconfigured;
  if (summary.failed > 0) return fail_on == FailOn::never ? ExitStatus::ok : ExitStatus::failed;
  const bool to_be_tried_again = summary.retried > 0 || summary.released > 0 || summary.lost > 0 ||
                                 summary.deferred > 0 || summary.held_back > 0 ||
                                 summary.turn_missed;
  return to_be_tried_again && fail_on == FailOn::retry ? ExitStatus::retry : ExitStatus::ok;
}

}  // namespace autoreply
