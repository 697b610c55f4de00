#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace autoreply {

/// A CHECK constraint as the catalog prints it.
struct HostCheckConstraint {
  std::string name;
  std::string definition;
};

/// A column of a host's table as the catalog describes it, and what our role may do with it.
struct HostColumn {
  std::string name;
  std::string type;                           ///< under any domains; empty if columns have no types
  std::string category;                       ///< of the type, as PostgreSQL's pg_type has it
  std::vector<std::string> labels{};          ///< of an enum
  std::vector<HostCheckConstraint> checks{};  ///< of this column alone; only for the queue's status
  std::optional<std::int64_t> characters_max{};
  bool is_domain = false;    ///< a domain over the type
  bool needs_value = false;  ///< NOT NULL without a default
  bool is_fixed = false;     ///< computed, so it cannot be written
  bool may_select = true;
  bool may_insert = true;
  bool may_update = true;
};

struct HostTable {
  enum class Role { queue, logs, messages, contacts, config };

  Role role = Role::queue;
  bool takes_updates = true;  ///< false for a view that cannot be written through
  bool takes_inserts = true;
  bool fills_in = false;  ///< a trigger may set values before an INSERT
  std::vector<HostColumn> columns{};
};

/// A table of our own, and what our role may do with it.
struct OwnTable {
  std::string name;
  bool may_select = true;
  bool may_insert = true;
  bool may_update = true;
};

/// What the catalog query found. Tables that do not exist are left out.
struct HostFacts {
  std::string role;  ///< the session's role; empty if the database has no roles
  std::vector<HostTable> tables;
  std::vector<OwnTable> own{};
};

/// Reads the answer of read_host.sql. Throws std::runtime_error if it cannot be read.
[[nodiscard]] HostFacts parse_host(std::string_view json);

}  // namespace autoreply
