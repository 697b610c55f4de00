#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "run/exit_status.h"
#include "run/summary.h"

namespace autoreply {

/// A run that has ended, as the metrics tell of it.
struct EndedRun {
  const Summary* summary = nullptr;  ///< null: the run could not begin
  ExitStatus status = ExitStatus::ok;
  std::chrono::system_clock::time_point ended_at;
};

/// Returns the metrics of a run in Prometheus' text format. They are gauges, because a process
/// remembers nothing of the runs before it. `last_success` is left out if the run failed, or if
/// jobs wait for the operator to mend a setting: to keep the value of an earlier run, add
/// `last_success_of` its metrics.
[[nodiscard]] std::string metrics_text(const EndedRun& run);

/// Returns the lines about the last success in the text of earlier metrics; empty if there are
/// none.
[[nodiscard]] std::string last_success_of(std::string_view metrics);

}  // namespace autoreply
