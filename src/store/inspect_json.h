#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/queue_inspector.h"

namespace autoreply {

/// Jobs that a change can be done to.
struct PickedJobs {
  std::int64_t count = 0;        ///< all of them
  std::vector<std::string> ids;  ///< of some
};

// The parameter `selection` of the statements that people's commands run.

[[nodiscard]] std::string selection_json(const JobSelection& selection);
/// Leaves out jobs to which the change cannot be done, and those created or retried after
/// `begun_at`.
[[nodiscard]] std::string selection_json(const JobSelection& selection,
                                         const JobChange& change,
                                         const std::string& begun_at);

/// The parameter `batch` of enqueue.sql. A message always gets an entry of the same id.
[[nodiscard]] std::string enqueue_batch(std::span<const UnansweredMessage> messages);

// What the statements return. A text that does not have the agreed form is our own bug and throws
// std::runtime_error.

[[nodiscard]] Checkup parse_checkup(std::string_view json);
[[nodiscard]] PeriodReport parse_period_report(std::string_view json);
[[nodiscard]] QueueStatus parse_queue_status(std::string_view live, std::string_view errors);
[[nodiscard]] JobList parse_job_list(std::string_view json);
/// Empty if there is no such job.
[[nodiscard]] std::optional<JobStory> parse_job_story(std::string_view json);
[[nodiscard]] PurgedPage parse_purged_page(std::string_view json);
[[nodiscard]] UnansweredMessages parse_unanswered(std::string_view json);
[[nodiscard]] PickedJobs parse_picked_jobs(std::string_view json);

}  // namespace autoreply
