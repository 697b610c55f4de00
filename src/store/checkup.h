#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "job/database_time.h"

namespace autoreply {

/// A value that rows hold, and how many of those that were looked at.
struct ValueCount {
  std::string value;  ///< empty: NULL or an empty text
  std::int64_t rows = 0;
};

/// What the program makes of the columns of a table of the host.
struct TableColumns {
  std::string table;
  std::string option;                  ///< that names another table or a view
  std::vector<std::string> used{};     ///< read or written
  std::vector<std::string> absent{};   ///< would be read if they were there
  std::vector<std::string> ignored{};  ///< unknown
};

/// What a look at the database shows about the host's data and the queue.
struct Checkup {
  std::vector<TableColumns> columns{};
  DatabaseTime now = 0;
  // Of a few thousand messages of the last week, and of contacts.
  std::vector<ValueCount> directions{};
  std::vector<ValueCount> message_types{};
  std::vector<ValueCount> contact_statuses{};
  std::vector<std::string> workspaces{};    ///< that have a configuration, at most 1,000
  std::vector<std::string> unconfigured{};  ///< that have pending jobs and none, at most 20
  std::int64_t pending = 0;
  std::int64_t old_jobs = 0;  ///< pending, and created more than a day ago
  std::int64_t foreign = 0;   ///< in processing by another service for more than an hour
  std::int64_t lapsed = 0;    ///< held by runs that are gone for more than ten minutes
  std::int64_t created_in_hour = 0;
  std::int64_t finished_in_hour = 0;
  std::optional<std::chrono::milliseconds> longest_transaction{};  ///< of another session
};

}  // namespace autoreply
