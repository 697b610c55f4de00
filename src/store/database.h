#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/job_store.h"
#include "store/outage_clock.h"

namespace autoreply {

/// Names of the host's tables or views, each `name` or `schema.name`.
struct TableNames {
  std::string queue = "ai_response_queue";
  std::string logs = "ai_response_logs";
  std::string messages = "livechat_messages";
  std::string contacts = "contacts";
  std::string config = "workspace_ai_config";
};

/// Where the queue lives and how it is spoken to.
struct DatabaseConfig {
  std::string url = "sqlite:autoreply.db";  ///< `sqlite:PATH` or `postgresql://…`
  TableNames tables;
  std::vector<std::string> message_types{"sms", "mms", "text"};  ///< beside messages without a type
  std::chrono::milliseconds wait{20'000};  ///< how long a lost connection is waited for
  int reply_chars_max = 0;                 ///< what the log must be able to hold; 0: not known
  /// What all stores of a run share about a database that is lost; null: each has its own.
  std::shared_ptr<OutageClock> outage = nullptr;
};

/// Connects and returns a store of the database that the URL names. The first store of a run waits
/// for 5 s at most, and only for a server that is not there yet, is starting, stopping or full; a
/// later one waits as long as `wait` says, when it is first used. Errors:
/// `misconfigured` for a malformed URL, `unavailable` when nobody answers.
[[nodiscard]] Result<std::unique_ptr<JobStore>> open_store(const DatabaseConfig& config);

/// Brings the database to this version's schema; see "Migration" in the README. Idempotent, and two
/// at once take turns. Returns one line for each thing done.
[[nodiscard]] Result<std::vector<std::string>> migrate(const DatabaseConfig& config);

/// The SQL that `migrate` runs on an empty database of the URL's kind.
[[nodiscard]] Result<std::string> migration_sql(const DatabaseConfig& config);

}  // namespace autoreply
