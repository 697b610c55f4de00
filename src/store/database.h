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

/// Where the queue is and how to talk to it.
struct DatabaseConfig {
  std::string url = "sqlite:autoreply.db";  ///< `sqlite:PATH` or `postgresql://…`
  TableNames tables;
  std::vector<std::string> message_types{
      "sms", "mms", "text"};               ///< besides messages without a type
  std::chrono::milliseconds wait{20'000};  ///< how long to wait for a lost connection
  int reply_chars_max = 0;                 ///< what the log must be able to hold; 0: unknown
  /// What all stores of a run share about a lost database; null: each has its own.
  std::shared_ptr<OutageClock> outage = nullptr;
};

/// Connects and returns a store of the database that the URL names. The first store of a run waits
/// at most 5 s, and only for a server that is not there yet, or is starting, stopping or full. A
/// later store waits up to `wait`, when it is first used. Errors: `misconfigured` for a malformed
/// URL, `unavailable` if no server answers.
[[nodiscard]] Result<std::unique_ptr<JobStore>> open_store(const DatabaseConfig& config);

/// Brings the database to this version's schema; see "Migration" in the README. Idempotent.
/// Concurrent migrations take turns. Returns one line for each thing done.
[[nodiscard]] Result<std::vector<std::string>> migrate(const DatabaseConfig& config);

/// The SQL that `migrate` runs on an empty database of the URL's kind.
[[nodiscard]] Result<std::string> migration_sql(const DatabaseConfig& config);

}  // namespace autoreply
