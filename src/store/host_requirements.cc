#include "store/host_requirements.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace autoreply {
namespace {

using Need = ColumnRule::Need;
using Role = HostTable::Role;
using Use = ColumnRule::Use;

constexpr std::array kQueueColumns{
    ColumnRule{"id", Need::uuid},
    ColumnRule{"workspace_id", Need::text},
    ColumnRule{"contact_id", Need::uuid},
    ColumnRule{"message_id", Need::uuid},
    ColumnRule{"status", Need::status, Use::written, 10},
    ColumnRule{"created_at", Need::time},
    ColumnRule{"processed_at", Need::time, Use::written},
    ColumnRule{"error", Need::text, Use::written, 500},
    ColumnRule{"attempts", Need::number, Use::written},
    ColumnRule{"next_attempt_at", Need::time, Use::ours},
    ColumnRule{"claim_token", Need::uuid, Use::ours},
    ColumnRule{"claimed_at", Need::time, Use::ours},
    ColumnRule{"started_at", Need::time, Use::ours},
    ColumnRule{"lease_until", Need::time, Use::ours},
    ColumnRule{"ai_log_id", Need::uuid, Use::ours},
    ColumnRule{"sends", Need::number, Use::ours},
    ColumnRule{"sent_at", Need::time, Use::ours},
    ColumnRule{"outcome", Need::text, Use::ours},
    ColumnRule{"settled_token", Need::uuid, Use::ours},
    ColumnRule{"may_have_reply", Need::any, Use::ours},
    ColumnRule{"retried_at", Need::time, Use::ours},
    ColumnRule{"former_log_id", Need::uuid, Use::ours},
    ColumnRule{"waits_for", Need::text, Use::ours},
    ColumnRule{"failures", Need::text, Use::ours},
};

constexpr std::array kLogColumns{
    ColumnRule{"id", Need::uuid, Use::written},
    ColumnRule{"workspace_id", Need::text, Use::written},
    ColumnRule{"contact_id", Need::uuid, Use::written},
    ColumnRule{"message_id", Need::uuid, Use::written},
    ColumnRule{"provider", Need::text, Use::written},
    ColumnRule{"model", Need::text, Use::written},
    ColumnRule{"prompt", Need::text, Use::written},
    ColumnRule{"response", Need::text, Use::written, ColumnRule::kReply},
    ColumnRule{"tokens_used", Need::number, Use::written},
    ColumnRule{"cost", Need::number, Use::written},
    ColumnRule{"created_at", Need::time, Use::written},
};

constexpr std::array kMessageColumns{
    ColumnRule{"id", Need::uuid},
    ColumnRule{"workspace_id", Need::text},
    ColumnRule{"contact_id", Need::uuid},
    ColumnRule{"direction", Need::direction},
    ColumnRule{"body", Need::text},
    ColumnRule{"created_at", Need::time},
    ColumnRule{"sender", Need::any},
    ColumnRule{"status", Need::any},
    ColumnRule{"msg_type", Need::any},
    ColumnRule{"metadata", Need::any},
    ColumnRule{"is_internal", Need::any},
    ColumnRule{"internal", Need::any},
};

constexpr std::array kContactColumns{
    ColumnRule{"id", Need::uuid},
    ColumnRule{"workspace_id", Need::text},
    ColumnRule{"phone_number", Need::text},
    ColumnRule{"conversation_status", Need::any},
    ColumnRule{"name", Need::any},
    ColumnRule{"firstname", Need::any},
    ColumnRule{"lastname", Need::any},
    ColumnRule{"timezone", Need::any},
};

constexpr std::array kConfigColumns{
    ColumnRule{"workspace_id", Need::text},     ColumnRule{"id", Need::any},
    ColumnRule{"provider", Need::any},          ColumnRule{"model", Need::any},
    ColumnRule{"system_prompt", Need::any},     ColumnRule{"temperature", Need::any},
    ColumnRule{"max_tokens", Need::any},        ColumnRule{"api_key", Need::any},
    ColumnRule{"base_url", Need::any},          ColumnRule{"fallback_provider", Need::any},
    ColumnRule{"fallback_model", Need::any},    ColumnRule{"fallback_api_key", Need::any},
    ColumnRule{"fallback_base_url", Need::any}, ColumnRule{"business_name", Need::any},
    ColumnRule{"enabled", Need::any},           ColumnRule{"created_at", Need::any},
    ColumnRule{"updated_at", Need::any},        ColumnRule{"contact_per_minute", Need::any},
    ColumnRule{"contact_per_hour", Need::any},  ColumnRule{"workspace_per_minute", Need::any},
    ColumnRule{"quiet_hours", Need::any},       ColumnRule{"timezone", Need::any},
    ColumnRule{"daily_budget", Need::any},
};

constexpr std::array<TableRule, 5> kTables{{
    {Role::queue, "--queue-table", &TableNames::queue, kQueueColumns},
    {Role::logs, "--log-table", &TableNames::logs, kLogColumns},
    {Role::messages, "--message-table", &TableNames::messages, kMessageColumns},
    {Role::contacts, "--contact-table", &TableNames::contacts, kContactColumns},
    {Role::config, "--config-table", &TableNames::config, kConfigColumns},
}};

std::vector<std::string_view> missing_labels(const HostColumn& column, Need need) {
  static constexpr std::array<std::string_view, 2> kDirection{"inbound", "outbound"};
  const std::span<const std::string_view> words =
      need == Need::status ? std::span<const std::string_view>(kStatusWords) : kDirection;
  std::vector<std::string_view> missing;
  std::ranges::copy_if(words, std::back_inserter(missing), [&](std::string_view word) {
    return std::ranges::find(column.labels, word) == column.labels.end();
  });
  return missing;
}

}  // namespace

std::span<const TableRule> table_rules() {
  return kTables;
}

const TableRule& rule_of(HostTable::Role role) {
  return *std::ranges::find(kTables, role, &TableRule::role);
}

const ColumnRule* find_rule(const TableRule& table, std::string_view column) {
  const auto found = std::ranges::find(table.columns, column, &ColumnRule::name);
  return found == table.columns.end() ? nullptr : &*found;
}

std::string wanted_type(const HostColumn& column, Need need) {
  if (column.type.empty()) return "";
  switch (need) {
    case Need::uuid:
      return column.type == "uuid" ? "" : "uuid";
    case Need::text:
      return column.category == "S" ? "" : "text";
    case Need::status:
    case Need::direction: {
      if (column.category == "S") return "";
      if (column.category != "E") return "text";
      // PostgreSQL has no operator that compares a domain over an enum with a text.
      if (column.is_domain) return "the enum itself, or text";
      const auto missing = missing_labels(column, need);
      return missing.empty()
                 ? ""
                 : fmt::format("an enum that also has the values {}", fmt::join(missing, ", "));
    }
    case Need::time:
      return column.type.starts_with("timestamp") || column.type == "date"
                 ? ""
                 : "timestamp with time zone";
    case Need::number:
      return column.category == "N" ? "" : "a number";
    case Need::any:
      break;
  }
  return "";
}

}  // namespace autoreply
