#pragma once

namespace autoreply {

// What must hold in every state of the program. Release builds check it too.

/// Throws std::logic_error unless `holds`. For what harms one job or one claim: the settler makes
/// it that job's failure, and a claim is rolled back. `what` names what does not hold, in lower
/// case.
void require(bool holds, const char* what);

/// Ends the process with status 70 and one line on standard error unless `holds`. For what would
/// harm other jobs: counters and the queue of claimed jobs.
void require_or_end(bool holds, const char* what) noexcept;

}  // namespace autoreply
