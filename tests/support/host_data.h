#pragma once

#include <optional>
#include <string>

#include "support/test_database.h"

namespace autoreply::test {

// Rows as the host application would write them. A random id replaces an empty one. Times are
// seconds relative to now, so tests move rows in time instead of waiting.

struct ContactRow {
  std::string id{};
  std::string workspace_id = "ws-1";
  std::optional<std::string> phone_number = "+15550100001";
  std::optional<std::string> conversation_status{};
};

struct MessageRow {
  std::string id{};
  std::string workspace_id = "ws-1";
  std::string contact_id{};
  std::string direction = "inbound";
  std::optional<std::string> body = "When do you open?";
  int seconds_ago = 10;
  std::optional<std::string> status{};
  std::optional<std::string> msg_type{};
};

struct ConfigRow {
  std::string workspace_id = "ws-1";
  std::string provider = "openai";
  std::string model = "gpt-4o-mini";
  std::string system_prompt = "You answer for a bakery.";
  std::optional<double> temperature{};
  std::optional<int> max_tokens{};
  std::optional<std::string> api_key{};
  std::optional<std::string> base_url{};
  bool enabled = true;
  int seconds_ago = 3600;
};

struct QueueRow {
  std::string id{};
  std::string workspace_id = "ws-1";
  std::string contact_id{};
  std::string message_id{};
  std::string status = "pending";
  int seconds_ago = 10;                  ///< of `created_at`
  std::optional<int> attempts = 0;       ///< empty: NULL
  std::optional<int> next_attempt_in{};  ///< empty: due since its creation
  std::optional<std::string> claim_token{};
  std::optional<int> lease_in{};    ///< negative: the lease expired that long ago
  std::optional<int> started_in{};  ///< negative: started that long ago
  std::optional<int> processed_in{};
  std::optional<std::string> outcome{};
  std::optional<std::string> error{};
};

/// Returns a row that was claimed and whose lease has expired.
[[nodiscard]] QueueRow lapsed_row(int attempts, std::optional<int> started_in);

/// The ids that belong to a job from `HostData::job`.
struct HostJob {
  std::string id;
  std::string contact_id;
  std::string message_id;
  std::string workspace_id;
};

/// Creates the host's tables as an older host has them: only the indispensable columns, without
/// defaults and constraints. `postgres_time` is the type of times on PostgreSQL.
void make_minimal_host_tables(TestDatabase& database,
                              const std::string& postgres_time = "timestamptz");

/// Writes the host's rows to a migrated database.
class HostData final {
 public:
  explicit HostData(TestDatabase& database) : database_(database) {}

  std::string contact(ContactRow row = {});
  std::string message(MessageRow row);
  void config(const ConfigRow& row = {});
  std::string queue(QueueRow row);

  /// Adds an answerable job: its contact, its inbound message and its queue row, which takes all
  /// values from `row`. Also adds the workspace's configuration if there is none.
  HostJob job(QueueRow row = {}, const std::string& body = "When do you open?");

 private:
  TestDatabase& database_;
};

}  // namespace autoreply::test
