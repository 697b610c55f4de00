#pragma once

#include <string>

#include "store/claim_statements.h"
#include "store/database.h"

namespace autoreply {

/// The statements of the PostgreSQL store with every placeholder filled in.
struct PostgresStatements {
  explicit PostgresStatements(const TableNames& tables);

  std::string check_ready;
  std::string claim_lock;
  std::string forget_claims;
  ClaimSql claim;
  std::string take;
  std::string start;
  std::string find_deliveries;
  std::string renew;
  std::string record;
  std::string settle;
  std::string supersede;
};

}  // namespace autoreply
