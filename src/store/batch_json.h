#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/job_store.h"

namespace autoreply {

// A batch goes to the database as one JSON parameter and comes back as one JSON text. These
// functions write the parameters and read the texts. A text that does not have the agreed form is
// our own bug and throws std::runtime_error.

[[nodiscard]] std::string message_types_json(const std::vector<std::string>& types);
[[nodiscard]] std::string held_batch(std::span<const HeldJob> jobs);
[[nodiscard]] std::string start_batch(std::span<const StartRequest> requests);
[[nodiscard]] std::string record_batch(std::span<const RecordRequest> requests);
[[nodiscard]] std::string settle_batch(std::span<const Settlement> settlements);
/// The older messages that the jobs' replies also answered; empty if there are none.
[[nodiscard]] std::string supersede_batch(std::span<const Settlement> settlements);

/// The jobs about which the host's record must be asked.
[[nodiscard]] std::vector<HeldJob> jobs_in_doubt(std::span<const StartRequest> requests);
/// Notes in the contexts what the host's record proves.
void note_deliveries(std::string_view json,
                     std::span<const StartRequest> requests,
                     std::span<Result<JobContext>> contexts);

// These read the results of a batch from what the database says about the jobs whose token held.
[[nodiscard]] Results<JobContext> parse_contexts(std::string_view json,
                                                 std::span<const StartRequest> requests);
[[nodiscard]] Results<Recorded> parse_recorded(std::string_view json,
                                               std::span<const RecordRequest> requests);
[[nodiscard]] Results<void> parse_settled(std::string_view json,
                                          std::span<const Settlement> settlements);
[[nodiscard]] std::vector<bool> parse_renewed(std::string_view json, std::span<const HeldJob> jobs);

}  // namespace autoreply
