#pragma once

#include <set>
#include <string>
#include <string_view>

#include "store/database.h"
#include "store/sql_claim_statements.h"

namespace autoreply {

/// Columns that the host's tables have; others read as NULL.
struct HostColumns {
  std::set<std::string> messages;
  std::set<std::string> contacts;
  std::set<std::string> config;
};

/// The statements of the SQLite store with every placeholder filled in.
struct SqliteStatements {
  SqliteStatements(const TableNames& tables, const HostColumns& columns);

  std::string forget_claims;
  std::string forgettable;
  std::string forget_claims_of;  ///< of those alone that :only names
  ClaimSql claim;
  std::string picked;
  std::string take;
  std::string mark_started;
  std::string start;
  std::string find_deliveries;
  std::string renew;
  std::string note_transmissions;
  std::string record_log;
  std::string recorded;
  std::string held;
  std::string settle;
  std::string supersede;
  std::string wronged;
  std::string put_back;
  std::string note_accepted;
  std::string write_run;
};

/// Fills in `{now}`, the present time as this program writes it, `{uuid}`, a random one, and the
/// tables.
[[nodiscard]] std::string sqlite_statement(std::string_view sql, const TableNames& tables);

}  // namespace autoreply
