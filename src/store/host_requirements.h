#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "store/database_config.h"
#include "store/host_facts.h"

namespace autoreply {

/// What the program requires of a column of the host.
struct ColumnRule {
  /// What the column's type must be.
  enum class Need {
    uuid,
    text,
    status,     ///< text, or an enum with the four words
    direction,  ///< text, or an enum with both words
    time,
    number,
    any,  ///< read through JSON: any type works, and a missing column reads as NULL
  };

  enum class Use {
    read,
    written,  ///< and read
    ours,     ///< made by `migrate`, and written
  };

  /// Stands for the length of the longest reply, which the run's options set.
  static constexpr std::int64_t kReply = -1;

  std::string_view name;
  Need need;
  Use use = Use::read;
  /// Length of the longest text that is written, or `kReply`; 0: not checked.
  std::int64_t characters = 0;
};

/// What the program requires of a table of the host, and the option that names the table.
struct TableRule {
  HostTable::Role role;
  std::string_view option;
  std::string TableNames::*name;
  std::span<const ColumnRule> columns;
};

/// The values of a job's status that the program writes.
inline constexpr std::array<std::string_view, 4> kStatusWords{
    "pending", "processing", "complete", "error"};

[[nodiscard]] std::span<const TableRule> table_rules();
[[nodiscard]] const TableRule& rule_of(HostTable::Role role);

/// Returns null for a column that the program does not know.
[[nodiscard]] const ColumnRule* find_rule(const TableRule& table, std::string_view column);

/// Returns the type that the column should have instead; empty if its own type works.
[[nodiscard]] std::string wanted_type(const HostColumn& column, ColumnRule::Need need);

}  // namespace autoreply
