#pragma once

#include <optional>
#include <string>

#include "support/test_database.h"

namespace autoreply::test {

// Rows as the host application would write them. An empty id is replaced by a random one; times are
// seconds relative to now, so that a test moves rows in time instead of waiting.

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
  std::optional<int> next_attempt_in{};  ///< empty: due since it was created
  std::optional<std::string> claim_token{};
  std::optional<int> lease_in{};    ///< negative: the lease ran out so long ago
  std::optional<int> started_in{};  ///< negative: started so long ago
  std::optional<int> processed_in{};
  std::optional<std::string> outcome{};
  std::optional<std::string> error{};
};

/// A row that a claim took whose lease then ran out.
[[nodiscard]] QueueRow lapsed_row(int attempts, std::optional<int> started_in);

/// What a job of the convenience below refers to.
struct HostJob {
  std::string id;
  std::string contact_id;
  std::string message_id;
  std::string workspace_id;
};

/// Makes the host's tables as an older host has them: only the columns that nothing can stand in
/// for, no defaults, no constraints. `postgres_time` is the type of its times on PostgreSQL.
void make_minimal_host_tables(TestDatabase& database,
                              const std::string& postgres_time = "timestamptz");

/// Writes the host's rows into a migrated database.
class HostData final {
 public:
  explicit HostData(TestDatabase& database) : database_(database) {}

  std::string contact(ContactRow row = {});
  std::string message(MessageRow row);
  void config(const ConfigRow& row = {});
  std::string queue(QueueRow row);

  /// A job that can be answered: its contact, its inbound message and its entry in the queue, which
  /// takes everything that `row` says; the workspace's configuration unless it has one.
  HostJob job(QueueRow row = {}, const std::string& body = "When do you open?");

 private:
  TestDatabase& database_;
};

}  // namespace autoreply::test
