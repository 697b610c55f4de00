#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/job_store.h"

namespace autoreply {

// What the database says about a batch comes back as one JSON text. These functions read it. A text
// that does not have the agreed form is our own bug and throws std::runtime_error.

// These know of the jobs whose token held, and return one element for each request.
[[nodiscard]] Results<JobContext> parse_contexts(std::string_view json,
                                                 std::span<const StartRequest> requests);
[[nodiscard]] Results<Recorded> parse_recorded(std::string_view json,
                                               std::span<const RecordRequest> requests);
[[nodiscard]] Results<void> parse_settled(std::string_view json,
                                          std::span<const Settlement> settlements);
[[nodiscard]] std::vector<bool> parse_renewed(std::string_view json, std::span<const HeldJob> jobs);

/// Notes in the contexts what the host's record proves.
void note_deliveries(std::string_view json,
                     std::span<const StartRequest> requests,
                     std::span<Result<JobContext>> contexts);

}  // namespace autoreply
