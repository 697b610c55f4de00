#pragma once

namespace autoreply {

struct Summary;

/// The exit statuses of the program. The numbers from 64 up come from sysexits.h.
enum class ExitStatus {
  ok = 0,
  failed = 1,          ///< at least one job failed
  usage = 64,          ///< wrong usage
  unavailable = 69,    ///< the database cannot be reached
  internal = 70,       ///< a defect, or the database refuses our claims or settlements
  retry = 75,          ///< no job failed, but a later run must try again
  misconfigured = 78,  ///< wrong or missing configuration
};

/// Which outcomes of jobs make the exit status of a run nonzero.
enum class FailOn {
  retry,  ///< failed jobs (1), and jobs to be tried again (75)
  error,  ///< only failed jobs (1)
  never,  ///< none
};

/// Returns the exit status of a run. `fail_on` does not affect 69, 70 and 78, because their causes
/// lie outside the jobs.
[[nodiscard]] ExitStatus exit_status(const Summary& summary, FailOn fail_on);

}  // namespace autoreply
