#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "store/sql_transaction.h"

namespace soci {
class session;
}

namespace autoreply {

/// The transactions of a SOCI session, one after the other. Each statement is prepared when it is
/// first run, and kept: preparing one of a claim's takes ten times as long as running it. Throws
/// what SOCI throws.
class SqliteTransaction final : public SqlTransaction {
 public:
  /// The session outlives the transaction.
  explicit SqliteTransaction(soci::session& session);
  ~SqliteTransaction() override;

 private:
  struct Statement;

  std::string do_query(std::string_view sql,
                       std::initializer_list<SqlParameter> parameters) override;
  std::optional<Error> do_attempt(const std::function<void()>& body) override;
  void do_execute(std::string_view sql, std::initializer_list<SqlParameter> parameters) override;

  std::string run(std::string_view sql,
                  std::initializer_list<SqlParameter> parameters,
                  bool returns_text);

  soci::session& session_;
  std::unordered_map<std::string, std::unique_ptr<Statement>> statements_;  ///< by their SQL
};

}  // namespace autoreply
