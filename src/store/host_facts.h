#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace autoreply {

/// A CHECK constraint as the catalog writes it.
struct HostCheckConstraint {
  std::string name;
  std::string definition;
};

/// A column of a host's table as the catalog describes it, with what our role may do with it.
struct HostColumn {
  std::string name;
  std::string type;                   ///< beneath its domains; empty where columns have no types
  std::string category;               ///< of the type, as PostgreSQL's pg_type has it
  std::vector<std::string> labels{};  ///< of an enum
  std::vector<HostCheckConstraint> checks{};  ///< of this column alone; of the queue's status only
  std::optional<std::int64_t> characters_max{};
  bool is_domain = false;    ///< over the type
  bool needs_value = false;  ///< NOT NULL without a default
  bool is_fixed = false;     ///< computed: it cannot be written
  bool may_select = true;
  bool may_insert = true;
  bool may_update = true;
};

struct HostTable {
  enum class Role { queue, logs, messages, contacts, config };

  Role role = Role::queue;
  bool takes_updates = true;  ///< false for a view that cannot be written through
  bool takes_inserts = true;
  bool fills_in = false;  ///< a trigger may give columns their values before an INSERT
  std::vector<HostColumn> columns{};
};

/// A table of our own, with what our role may do with it.
struct OwnTable {
  std::string name;
  bool may_select = true;
  bool may_insert = true;
  bool may_update = true;
};

/// What the one catalog question found; tables that do not exist are left out.
struct HostFacts {
  std::string role;  ///< that the session speaks for; empty where there are none
  std::vector<HostTable> tables;
  std::vector<OwnTable> own{};
};

/// Reads the answer of read_host.sql; throws std::runtime_error where it cannot be read.
[[nodiscard]] HostFacts parse_host(std::string_view json);

}  // namespace autoreply
