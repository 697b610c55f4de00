#pragma once

#include "store/sql_transaction.h"

namespace soci {
class session;
}

namespace autoreply {

/// The transaction that is open in a SOCI session. Throws what SOCI throws.
class SqliteTransaction final : public SqlTransaction {
 public:
  explicit SqliteTransaction(soci::session& session) : session_(session) {}

 private:
  std::string do_query(std::string_view sql,
                       std::initializer_list<SqlParameter> parameters) override;
  void do_execute(std::string_view sql, std::initializer_list<SqlParameter> parameters) override;

  soci::session& session_;
};

}  // namespace autoreply
