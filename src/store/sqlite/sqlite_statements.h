#pragma once

#include <set>
#include <string>

#include "statements.h"
#include "store/database_config.h"

namespace autoreply {

/// Columns that the host's tables have. Others read as NULL.
struct HostColumns {
  std::set<std::string> messages;
  std::set<std::string> contacts;
  std::set<std::string> config;
};

/// The statements of the SQLite store with every placeholder filled in.
[[nodiscard]] Statements sqlite_statements(const TableNames& tables, const HostColumns& columns);

/// Fills in the placeholders of a text that reads no columns that a host's table may lack.
[[nodiscard]] std::string sqlite_text(std::string_view sql, const TableNames& tables);

}  // namespace autoreply
