#pragma once

namespace autoreply {

struct Summary;

/// The exit statuses of the program; the numbers from 64 are those of sysexits.h.
enum class ExitStatus {
  ok = 0,
  failed = 1,          ///< at least one job failed
  usage = 64,          ///< wrong usage
  unavailable = 69,    ///< the database cannot be reached
  internal = 70,       ///< a defect, or the database refuses our settlements
  retry = 75,          ///< none failed, and at least one is to be tried again
  misconfigured = 78,  ///< wrong or missing configuration
};

/// From which outcomes on the exit status of a run is not 0.
enum class FailOn {
  retry,  ///< also if jobs are to be tried again (75)
  error,  ///< only if a job failed (1)
  never,  ///< never for what became of jobs
};

/// Returns the exit status of a run. What kept the run from doing its work (69, 70) counts whatever
/// `fail_on` says.
[[nodiscard]] ExitStatus exit_status(const Summary& summary, FailOn fail_on);

}  // namespace autoreply
