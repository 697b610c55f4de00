#pragma once

#include "cli/options.h"
#include "generate/generator.h"
#include "run/exit_status.h"
#include "store/job_store.h"

namespace autoreply {

/// Prints what a run with these options would do now. Writes nothing and calls no peer.
[[nodiscard]] ExitStatus dry_run(JobStore& store,
                                 const RunOptions& options,
                                 const Generator& generator,
                                 OutputFormat output);

}  // namespace autoreply
