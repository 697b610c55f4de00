#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "cli/options.h"
#include "generate/generator.h"
#include "job/answer.h"
#include "report/diagnosis.h"
#include "store/checkup.h"
#include "store/claim_statements.h"
#include "store/connection_facts.h"
#include "store/queue_inspector.h"

namespace autoreply {

// What `doctor` concludes from what it has seen. Pure.

/// What the host's rows hold, and what each value counts as.
[[nodiscard]] std::vector<Diagnosis> diagnose_values(const Checkup& checkup,
                                                     const std::vector<std::string>& message_types,
                                                     const RunOptions& options);

/// Jobs that wait for something that no run will do.
[[nodiscard]] std::vector<Diagnosis> diagnose_queue(const Checkup& checkup,
                                                    const RunOptions& options);

/// How the database is reached.
[[nodiscard]] std::vector<Diagnosis> diagnose_connection(const ConnectionFacts& facts);

/// The difference between the database's clock and ours.
[[nodiscard]] Diagnosis diagnose_clock(const Checkup& checkup,
                                       std::chrono::system_clock::time_point now);

/// Where each workspace's settings lead, and where its key is.
[[nodiscard]] std::vector<Diagnosis> diagnose_workspaces(
    const std::vector<WorkspaceTerms>& workspaces, const Generator& generator);

/// What the host answered to a request that it cannot do anything with.
[[nodiscard]] Diagnosis diagnose_callback(const Answer& answer, const std::string& label);

/// Breakers that a person must close, and runs that do not come.
[[nodiscard]] std::vector<Diagnosis> diagnose_status(const QueueStatus& status);

}  // namespace autoreply
