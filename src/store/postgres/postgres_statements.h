#pragma once

#include <string>

#include "store/postgres/placed_tables.h"
#include "store/sql_claim_statements.h"

namespace autoreply {

/// The statements of the PostgreSQL store with every placeholder filled in.
struct PostgresStatements {
  explicit PostgresStatements(const PlacedTables& tables);

  std::string check_ready;
  std::string claim_lock;
  std::string forget_claims;
  std::string forgettable;
  std::string forget_claims_of;  ///< of those alone that :only names
  ClaimSql claim;
  std::string take;
  std::string start;
  std::string find_deliveries;
  std::string renew;
  std::string record;
  std::string settle;
  std::string supersede;
  std::string put_back;
  std::string read_host;
  std::string schema_version;
  std::string write_run;
  std::string note_accepted;
  std::string drop_stale_breakers;
  std::string forget_breaker;
};

}  // namespace autoreply
