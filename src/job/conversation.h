#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "job/daily_budget.h"
#include "job/database_time.h"
#include "job/reply.h"
#include "job/workspace_config.h"

namespace autoreply {

enum class Role { user, assistant };

/// One turn of the conversation as the provider sees it.
struct Turn {
  Role role = Role::user;
  std::string text;
  bool operator==(const Turn&) const = default;
};

/// A row of the host's message table.
struct Message {
  std::string id;
  std::string workspace_id;
  std::string contact_id;
  std::string direction;  ///< "inbound" or "outbound"; others are not part of a conversation
  std::string body;
  bool is_text = true;  ///< of a text-message type and not internal
};

/// A row of the host's contact table.
struct Contact {
  std::string workspace_id;
  std::string phone_number;
  std::string conversation_status;
  std::string name{};      ///< for the prompt; may be what the customer entered
  std::string timezone{};  ///< of the IANA database; may be anything
};

/// Everything in the database that a job refers to, read when the job starts.
struct JobContext {
  DatabaseTime started_at = 0;
  DatabaseTime now = 0;              ///< when the conditions of sending were read
  std::chrono::milliseconds age{0};  ///< since the job was created or put back by a person
  /// Since it was created; empty: as `age`.
  std::optional<std::chrono::milliseconds> since_created{};
  std::optional<Message> original;
  std::vector<Message>
      history;  ///< the contact's recent messages, oldest first, without `original`
  std::optional<Contact> contact;
  std::optional<WorkspaceConfig> config;
  std::optional<RecordedReply> recorded;
  /// Time since the last transmission began; empty if there was none.
  std::optional<std::chrono::milliseconds> since_sent;
  /// The callback has accepted another job's reply since this job's last transmission began.
  bool delivered_since_send = true;
  bool found_at_host = false;       ///< the host's own record shows that a reply in doubt went out
  bool answered_elsewhere = false;  ///< another entry for the same message is answered or in flight
  bool superseded = false;          ///< a later message was answered after the reply was recorded
  /// The contact's messages from the original on, newest first; only those short enough to be a
  /// carrier's keyword.
  std::vector<std::string> short_texts_since{};
  /// How long after the original the newest message to the contact was made that we did not send;
  /// empty if there is none.
  std::optional<std::chrono::milliseconds> others_answer_after{};
  std::vector<DaySpending> spent{};  ///< by the workspace, on the days around now
};

/// What may change while a reply is generated and then forbid sending it. Fields as in
/// `JobContext`.
struct SendConditions {
  DatabaseTime now = 0;
  std::chrono::milliseconds age{0};
  std::optional<std::chrono::milliseconds> since_created{};
  std::optional<Contact> contact;
  bool config_enabled = true;  ///< auto-reply is on for the workspace
  std::vector<std::string> short_texts_since{};
  std::optional<std::chrono::milliseconds> others_answer_after{};
};

/// What the provider is asked. The last turn is the message to answer.
struct Conversation {
  std::string system_prompt;
  std::vector<Turn> turns;
  /// Names of placeholders in the system prompt that stand for nothing.
  std::vector<std::string> unknown_placeholders{};
};

}  // namespace autoreply
