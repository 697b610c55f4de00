#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace autoreply {

class OutageClock;

/// Names of the host's tables or views, each `name` or `schema.name`.
struct TableNames {
  std::string queue = "ai_response_queue";
  std::string logs = "ai_response_logs";
  std::string messages = "livechat_messages";
  std::string contacts = "contacts";
  std::string config = "workspace_ai_config";
};

/// The fields of `TableNames` by the words that stand for them in SQL texts.
inline constexpr std::array<std::pair<std::string_view, std::string TableNames::*>, 5> kTableWords{{
    {"queue", &TableNames::queue},
    {"logs", &TableNames::logs},
    {"messages", &TableNames::messages},
    {"contacts", &TableNames::contacts},
    {"config", &TableNames::config},
}};

/// What a run is known by in the database.
struct RunIdentity {
  std::string id{};  ///< a UUID; empty: this process is no run
  std::string version{};
  std::string host{};  ///< name of the machine
};

/// Where the queue is and how to talk to it.
struct DatabaseConfig {
  std::string url = "sqlite:autoreply.db";  ///< `sqlite:PATH` or `postgresql://…`
  TableNames tables;
  std::vector<std::string> message_types{
      "sms", "mms", "text"};               ///< besides messages without a type
  int context_messages = 5;                ///< of a contact that a start reads; at least 1
  std::chrono::milliseconds wait{20'000};  ///< how long to wait for a lost connection
  int reply_chars_max = 0;                 ///< what the log must be able to hold; 0: unknown
  RunIdentity run{};
  /// What all stores of a run share about a lost database; null: each has its own.
  std::shared_ptr<OutageClock> outage = nullptr;
};

}  // namespace autoreply
