#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/job_store.h"

namespace autoreply {

// A batch goes to the database as one JSON parameter. These functions write it.

[[nodiscard]] std::string message_types_json(const std::vector<std::string>& types);
[[nodiscard]] std::string held_batch(std::span<const HeldJob> jobs);
[[nodiscard]] std::string start_batch(std::span<const StartRequest> requests);
[[nodiscard]] std::string record_batch(std::span<const RecordRequest> requests);
[[nodiscard]] std::string settle_batch(std::span<const Settlement> settlements);
/// The older messages that the jobs' replies also answered; empty if there are none.
[[nodiscard]] std::string supersede_batch(std::span<const Settlement> settlements);

/// The parameter `batch` of write_holds.sql.
[[nodiscard]] std::string holds_batch(std::span<const Hold> holds);

/// The times between which the messages of a batch's jobs are looked for.
struct MessageTimes {
  std::string since = "-infinity";  ///< as PostgreSQL reads it
  std::string until = "infinity";

  [[nodiscard]] bool are_all() const { return until == "infinity"; }
};
/// From a day before the oldest job until a day after the newest, where nearly every message is.
/// Everywhere, if a job's time is unknown.
[[nodiscard]] MessageTimes message_times(std::span<const StartRequest> requests);
[[nodiscard]] MessageTimes message_times(std::span<const RecordRequest> requests);

/// The jobs about which the host's record must be asked.
[[nodiscard]] std::vector<HeldJob> jobs_in_doubt(std::span<const StartRequest> requests);

}  // namespace autoreply
