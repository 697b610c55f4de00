#pragma once

#include <cstdint>
#include <string>

#include "store/queue_inspector.h"

namespace autoreply {

// Jobs as `list` and `show` print them: text for people, or one line of JSON.

/// "1 job", "7 jobs"
[[nodiscard]] std::string jobs_text(std::int64_t count);

[[nodiscard]] std::string list_text(const JobList& list);
[[nodiscard]] std::string list_json(const JobList& list);

/// What becomes of the job now, and why, in one line.
[[nodiscard]] std::string state_of(const JobStory& story);

[[nodiscard]] std::string story_text(const JobStory& story);
[[nodiscard]] std::string story_json(const JobStory& story);

}  // namespace autoreply
