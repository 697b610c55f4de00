#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace autoreply {

/// How jobs ended on a day, in UTC.
struct DayOfJobs {
  std::string day;  ///< "2026-11-26"
  std::int64_t completed = 0;
  std::int64_t skipped = 0;
  std::int64_t failed = 0;
  /// Seconds from a message's entry to its reply; empty: there was no reply.
  std::optional<double> median_s{};
  std::optional<double> p95_s{};
};

/// What a model has written for a workspace.
struct ModelUse {
  std::string workspace_id;
  std::string provider;
  std::string model;
  std::int64_t replies = 0;
  std::int64_t tokens = 0;
  std::string cost{};  ///< in dollars; empty: not known
};

/// The runs of a day that found something to do.
struct DayOfRuns {
  std::string day;
  std::int64_t runs = 0;
  std::int64_t ended_well = 0;  ///< with status 0
  std::int64_t claimed = 0;
  std::int64_t died = 0;
};

struct JobsCount {
  std::string what;
  std::int64_t jobs = 0;
};

/// What happened in a period, from the queue, the log and the records of runs.
struct PeriodReport {
  std::string since;
  std::string until;
  std::vector<DayOfJobs> days{};
  std::optional<double> median_s{};
  std::optional<double> p95_s{};
  std::vector<JobsCount> failures{};  ///< by cause
  std::vector<JobsCount> attempts{};  ///< jobs that ended, by the number of their attempts
  std::vector<ModelUse> models{};
  std::vector<DayOfRuns> runs{};
  std::int64_t due = 0;
  std::optional<double> oldest_due_s{};
};

}  // namespace autoreply
