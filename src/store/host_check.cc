#include "store/host_check.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "store/check_constraint.h"
#include "store/host_requirements.h"

namespace autoreply {
namespace {

using Role = HostTable::Role;
using Use = ColumnRule::Use;

constexpr std::size_t kFindingsMax = 12;

const HostColumn* find_column(const HostTable& table, std::string_view name) {
  const auto found = std::ranges::find(table.columns, name, &HostColumn::name);
  return found == table.columns.end() ? nullptr : &*found;
}

/// Collects what is wrong with the tables of one host.
class Judge final {
 public:
  Judge(const HostFacts& facts, const TableNames& names, HostCheck check, int reply_chars_max)
      : facts_(facts), names_(names), check_(check), reply_chars_max_(reply_chars_max) {}

  Result<void> judge() {
    for (const TableRule& rule : table_rules()) {
      if (std::ranges::find(facts_.tables, rule.role, &HostTable::role) == facts_.tables.end()) {
        add("there is no table or view {}: pass the name of yours with {}",
            names_.*rule.name,
            rule.option);
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
                fmt::format("the database does not meet autoreply's requirements: {}{}",
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
        } else if (expected.need != ColumnRule::Need::any) {
          add("{} has no column {}: create a view that has it and pass its name with {}",
              name_of(table),
              expected.name,
              rule.option);
        }
        continue;
      }
      if (const std::string wanted = wanted_type(*column, expected.need); !wanted.empty()) {
        add("{}.{} is {}{} but must be {}: change it, or create a view and pass its name with {}",
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
      add("{} lacks autoreply's columns: run 'autoreply migrate' with the same --database; if it "
          "is a "
          "view, create it anew with all columns of its table",
          name_of(table));
    }
    if (table.role == Role::logs && !table.fills_in) judge_values(table);
  }

  void judge_length(const HostTable& table, const HostColumn& column, const ColumnRule& expected) {
    const bool is_reply = expected.characters == ColumnRule::kReply;
    const std::int64_t needed = is_reply ? reply_chars_max_ : expected.characters;
    if (!column.characters_max || *column.characters_max >= needed) return;
    add("{}.{} holds at most {} characters but must hold {}: change it to varchar({}) or text{}",
        name_of(table),
        expected.name,
        *column.characters_max,
        needed,
        needed,
        is_reply ? ", or lower --max-reply-chars" : "");
  }

  /// A status that cannot be written would fail the job only at the end, after the reply was paid
  /// for.
  void judge_checks(const HostTable& table, const HostColumn& status) {
    for (const HostCheckConstraint& check : status.checks) {
      const auto values = listed_values(check.definition, status.name);
      if (!values) continue;
      std::vector<std::string_view> missing;
      std::ranges::copy_if(kStatusWords, std::back_inserter(missing), [&](std::string_view word) {
        return std::ranges::find(*values, word) == values->end();
      });
      if (missing.empty()) continue;
      add("the check {} on {}.status does not allow {}: drop it, or recreate it with these values "
          "added",
          check.name,
          name_of(table),
          fmt::join(missing, ", "));
    }
  }

  /// A required column that nothing fills would fail every reply after it was paid for.
  void judge_values(const HostTable& table) {
    for (const HostColumn& column : table.columns) {
      const bool known = find_rule(rule_of(table.role), column.name) != nullptr;
      if (known || !column.needs_value) continue;
      add("{}.{} is NOT NULL and has no default: set a default", name_of(table), column.name);
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
      const ColumnRule* const known = find_rule(rule, column.name);
      if ((whole_rows || known != nullptr) && !column.may_select) lack("SELECT");
      if (known == nullptr || known->use == Use::read) continue;
      if (table.role == Role::queue && !column.may_update) lack("UPDATE");
      if (table.role == Role::logs && !column.may_insert) lack("INSERT");
    }
    if (!lacking.empty()) add_grant(fmt::format("{}", fmt::join(lacking, ", ")), name_of(table));
    if ((table.role == Role::queue && !table.takes_updates) ||
        (table.role == Role::logs && !table.takes_inserts)) {
      add("{} is a view that cannot be written to: use a simple view, or add INSTEAD OF triggers",
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

std::vector<TableColumns> table_columns(const HostFacts& facts, const TableNames& tables) {
  std::vector<TableColumns> found;
  for (const HostTable& table : facts.tables) {
    const TableRule& rule = rule_of(table.role);
    TableColumns columns{.table = tables.*rule.name, .option = std::string(rule.option)};
    for (const HostColumn& column : table.columns) {
      const ColumnRule* known = find_rule(rule, column.name);
      if (known != nullptr && known->use == ColumnRule::Use::ours) continue;
      (known != nullptr ? columns.used : columns.ignored).push_back(column.name);
    }
    for (const ColumnRule& column : rule.columns) {
      const bool is_there =
          std::ranges::find(table.columns, column.name, &HostColumn::name) != table.columns.end();
      if (!is_there && column.need == ColumnRule::Need::any &&
          column.use == ColumnRule::Use::read) {
        columns.absent.emplace_back(column.name);
      }
    }
    found.push_back(std::move(columns));
  }
  return found;
}

}  // namespace autoreply
