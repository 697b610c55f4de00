#include "store/host_check.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "store/check_constraint.h"

namespace autoreply {
namespace {

using Role = HostTable::Role;

constexpr std::size_t kFindingsMax = 12;
constexpr std::size_t kIgnoredMax = 12;

/// What a column must be.
enum class Need {
  uuid,
  text,
  status,     ///< text, or an enum with the four words
  direction,  ///< text, or an enum with both words
  time,
  number,
  any,  ///< read through JSON: every type will do, and NULL stands in where it is missing
};

enum class Use {
  read,
  written,  ///< and read
  ours,     ///< made by `migrate`, and written
};

/// As long as the longest reply, on which the run decides.
constexpr std::int64_t kReply = -1;

struct ColumnRule {
  std::string_view name;
  Need need;
  Use use = Use::read;
  /// Of the longest text that is written, or `kReply`; 0: not asked for.
  std::int64_t characters = 0;
};

struct TableRule {
  Role role;
  std::string_view option;
  std::string TableNames::*name;
  std::span<const ColumnRule> columns;
};

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
};

constexpr std::array kLogColumns{
    ColumnRule{"id", Need::uuid, Use::written},
    ColumnRule{"workspace_id", Need::text, Use::written},
    ColumnRule{"contact_id", Need::uuid, Use::written},
    ColumnRule{"message_id", Need::uuid, Use::written},
    ColumnRule{"provider", Need::text, Use::written},
    ColumnRule{"model", Need::text, Use::written},
    ColumnRule{"prompt", Need::text, Use::written},
    ColumnRule{"response", Need::text, Use::written, kReply},
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
    ColumnRule{"workspace_id", Need::text},
    ColumnRule{"id", Need::any},
    ColumnRule{"provider", Need::any},
    ColumnRule{"model", Need::any},
    ColumnRule{"system_prompt", Need::any},
    ColumnRule{"temperature", Need::any},
    ColumnRule{"max_tokens", Need::any},
    ColumnRule{"api_key", Need::any},
    ColumnRule{"base_url", Need::any},
    ColumnRule{"enabled", Need::any},
    ColumnRule{"created_at", Need::any},
    ColumnRule{"updated_at", Need::any},
    ColumnRule{"contact_per_minute", Need::any},
    ColumnRule{"contact_per_hour", Need::any},
    ColumnRule{"workspace_per_minute", Need::any},
    ColumnRule{"quiet_hours", Need::any},
    ColumnRule{"timezone", Need::any},
    ColumnRule{"daily_budget", Need::any},
};

constexpr std::array<TableRule, 5> kTables{{
    {Role::queue, "--queue-table", &TableNames::queue, kQueueColumns},
    {Role::logs, "--log-table", &TableNames::logs, kLogColumns},
    {Role::messages, "--message-table", &TableNames::messages, kMessageColumns},
    {Role::contacts, "--contact-table", &TableNames::contacts, kContactColumns},
    {Role::config, "--config-table", &TableNames::config, kConfigColumns},
}};

const TableRule& rule_of(Role role) {
  return *std::ranges::find(kTables, role, &TableRule::role);
}

const HostColumn* find_column(const HostTable& table, std::string_view name) {
  const auto found = std::ranges::find(table.columns, name, &HostColumn::name);
  return found == table.columns.end() ? nullptr : &*found;
}

/// Those of a job that the program writes.
constexpr std::array<std::string_view, 4> kStatusWords{
    "pending", "processing", "complete", "error"};

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

/// What a type that cannot work should be; empty where it can.
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
      // No operator compares it with a text.
      if (column.is_domain) return "the enum itself, or text";
      const auto missing = missing_labels(column, need);
      return missing.empty() ? "" : fmt::format("the values {} too", fmt::join(missing, ", "));
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

/// Collects what is wrong with one host.
class Judge final {
 public:
  Judge(const HostFacts& facts, const TableNames& names, HostCheck check, int reply_chars_max)
      : facts_(facts), names_(names), check_(check), reply_chars_max_(reply_chars_max) {}

  Result<void> judge() {
    for (const TableRule& rule : kTables) {
      if (std::ranges::find(facts_.tables, rule.role, &HostTable::role) == facts_.tables.end()) {
        add("there is no table or view {}: name yours with {}", names_.*rule.name, rule.option);
      }
    }
    for (const HostTable& table : facts_.tables) {
      judge_columns(table);
      if (check_ == HostCheck::for_run) judge_rights(table);
    }
    if (check_ == HostCheck::for_run) judge_own_tables();
    if (findings_.empty()) return {};
    const std::size_t left_out = findings_.size() - std::min(findings_.size(), kFindingsMax);
    findings_.resize(findings_.size() - left_out);
    return fail(ErrorKind::misconfigured,
                fmt::format("the database does not fit: {}{}",
                            fmt::join(findings_, "; "),
                            left_out > 0 ? fmt::format("; and {} more", left_out) : ""));
  }

 private:
  [[nodiscard]] const std::string& name_of(const HostTable& table) const {
    return names_.*rule_of(table.role).name;
  }

  void judge_columns(const HostTable& table) {
    const TableRule& rule = rule_of(table.role);
    bool ours_missing = false;
    for (const ColumnRule& expected : rule.columns) {
      const HostColumn* const column = find_column(table, expected.name);
      if (column == nullptr) {
        if (expected.use == Use::ours) {
          ours_missing = true;
        } else if (expected.need != Need::any) {
          add("{} has no column {}: make a view that has it and name the view with {}",
              name_of(table),
              expected.name,
              rule.option);
        }
        continue;
      }
      if (const std::string wanted = wanted_type(*column, expected.need); !wanted.empty()) {
        add("{}.{} is {}{} and needs {}: change it, or make a view and name it with {}",
            name_of(table),
            expected.name,
            column->is_domain ? "a domain over " : "",
            column->type,
            wanted,
            rule.option);
      }
      judge_length(table, *column, expected);
      if (column->is_fixed && expected.use != Use::read) {
        add("{}.{} is computed and cannot be written: make it an ordinary column",
            name_of(table),
            expected.name);
      }
    }
    if (const HostColumn* const status = find_column(table, "status");
        table.role == Role::queue && status != nullptr) {
      judge_checks(table, *status);
    }
    if (ours_missing && check_ == HostCheck::for_run) {
      add("{} lacks columns of ours: run 'autoreply migrate' with the same --database",
          name_of(table));
    }
    if (table.role == Role::logs && !table.fills_in) judge_values(table);
  }

  void judge_length(const HostTable& table, const HostColumn& column, const ColumnRule& expected) {
    const bool is_reply = expected.characters == kReply;
    const std::int64_t needed = is_reply ? reply_chars_max_ : expected.characters;
    if (!column.characters_max || *column.characters_max >= needed) return;
    add("{}.{} takes {} characters and needs {}: make it varchar({}) or text{}",
        name_of(table),
        expected.name,
        *column.characters_max,
        needed,
        needed,
        is_reply ? ", or lower --max-reply-chars" : "");
  }

  /// A status that cannot be written would fail its job at the end, after it is paid for.
  void judge_checks(const HostTable& table, const HostColumn& status) {
    for (const HostCheckConstraint& check : status.checks) {
      const auto values = listed_values(check.definition, status.name);
      if (!values) continue;
      std::vector<std::string_view> missing;
      std::ranges::copy_if(kStatusWords, std::back_inserter(missing), [&](std::string_view word) {
        return std::ranges::find(*values, word) == values->end();
      });
      if (missing.empty()) continue;
      add("the check {} of {}.status does not allow {}: drop it, or make it again with these too",
          check.name,
          name_of(table),
          fmt::join(missing, ", "));
    }
  }

  /// A value that nobody gives would fail every reply after it is paid for.
  void judge_values(const HostTable& table) {
    for (const HostColumn& column : table.columns) {
      const bool known =
          std::ranges::find(kLogColumns, column.name, &ColumnRule::name) != kLogColumns.end();
      if (known || !column.needs_value) continue;
      add("{}.{} must have a value and no default gives it one: set a default",
          name_of(table),
          column.name);
    }
  }

  void judge_rights(const HostTable& table) {
    const bool whole_rows = table.role != Role::logs;  // to_jsonb(row) reads all columns
    std::vector<std::string_view> lacking;
    const auto lack = [&](std::string_view right) {
      if (std::ranges::find(lacking, right) == lacking.end()) lacking.push_back(right);
    };
    const TableRule& rule = rule_of(table.role);
    for (const HostColumn& column : table.columns) {
      const auto known =
          std::ranges::find(rule.columns, std::string_view(column.name), &ColumnRule::name);
      const bool is_known = known != rule.columns.end();
      if ((whole_rows || is_known) && !column.may_select) lack("SELECT");
      if (!is_known || known->use == Use::read) continue;
      if (table.role == Role::queue && !column.may_update) lack("UPDATE");
      if (table.role == Role::logs && !column.may_insert) lack("INSERT");
    }
    if (!lacking.empty()) add_grant(fmt::format("{}", fmt::join(lacking, ", ")), name_of(table));
    if ((table.role == Role::queue && !table.takes_updates) ||
        (table.role == Role::logs && !table.takes_inserts)) {
      add("{} is a view that cannot be written through: make a simple one, or give it INSTEAD OF "
          "triggers",
          name_of(table));
    }
  }

  void judge_own_tables() {
    for (const OwnTable& table : facts_.own) {
      std::vector<std::string_view> lacking;
      if (!table.may_select) lacking.emplace_back("SELECT");
      if (table.name != "autoreply_schema") {
        if (!table.may_insert) lacking.emplace_back("INSERT");
        if (!table.may_update) lacking.emplace_back("UPDATE");
      }
      if (!lacking.empty()) add_grant(fmt::format("{}", fmt::join(lacking, ", ")), table.name);
    }
  }

  void add_grant(std::string_view rights, std::string_view table) {
    add("role {} lacks {} on {}: grant it", facts_.role, rights, table);
  }

  template <class... Values>
  void add(fmt::format_string<Values...> format, Values&&... values) {
    findings_.push_back(fmt::format(format, std::forward<Values>(values)...));
  }

  const HostFacts& facts_;
  const TableNames& names_;
  const HostCheck check_;
  const int reply_chars_max_;
  std::vector<std::string> findings_;
};

}  // namespace

Result<void> judge_host(const HostFacts& facts,
                        const TableNames& tables,
                        HostCheck check,
                        int reply_chars_max) {
  return Judge(facts, tables, check, reply_chars_max).judge();
}

std::vector<std::string> ignored_columns(const HostFacts& facts, const TableNames& tables) {
  std::vector<std::string> lines;
  for (const HostTable& table : facts.tables) {
    const TableRule& rule = rule_of(table.role);
    std::vector<std::string_view> ignored;
    for (const HostColumn& column : table.columns) {
      const bool known =
          std::ranges::find(rule.columns, std::string_view(column.name), &ColumnRule::name) !=
          rule.columns.end();
      if (!known) ignored.push_back(column.name);
    }
    if (ignored.empty()) continue;
    const std::size_t left_out = ignored.size() - std::min(ignored.size(), kIgnoredMax);
    ignored.resize(ignored.size() - left_out);
    lines.push_back(fmt::format("ignores columns of {}: {}{}",
                                tables.*rule.name,
                                fmt::join(ignored, ", "),
                                left_out > 0 ? fmt::format(" and {} more", left_out) : ""));
  }
  return lines;
}

}  // namespace autoreply
