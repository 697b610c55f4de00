#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "store/database.h"
#include "store/host_facts.h"

namespace autoreply {

/// What the program requires of a column of the host's.
struct ColumnRule {
  /// What a column must be.
  enum class Need {
    uuid,
    text,
    status,     ///< text, or an enum with the four words
    direction,  ///< text, or an enum with both words
    time,
    number,
    any,  ///< read through JSON: every type will do, and NULL stands in if it is missing
  };

  enum class Use {
    read,
    written,  ///< and read
    ours,     ///< made by `migrate`, and written
  };

  /// As long as the longest reply, on which the run decides.
  static constexpr std::int64_t kReply = -1;

  std::string_view name;
  Need need;
  Use use = Use::read;
  /// Of the longest text that is written, or `kReply`; 0: not asked for.
  std::int64_t characters = 0;
};

/// What the program requires of a table of the host's, and the option that names it.
struct TableRule {
  HostTable::Role role;
  std::string_view option;
  std::string TableNames::*name;
  std::span<const ColumnRule> columns;
};

/// The words of a job's status that the program writes.
inline constexpr std::array<std::string_view, 4> kStatusWords{
    "pending", "processing", "complete", "error"};

[[nodiscard]] std::span<const TableRule> table_rules();
[[nodiscard]] const TableRule& rule_of(HostTable::Role role);

/// Returns null for a column that the program does not know.
[[nodiscard]] const ColumnRule* find_rule(const TableRule& table, std::string_view column);

/// Returns what a type that cannot work should be; empty if it can.
[[nodiscard]] std::string wanted_type(const HostColumn& column, ColumnRule::Need need);

}  // namespace autoreply
