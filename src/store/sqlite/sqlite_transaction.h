#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "store/sql_transaction.h"

namespace soci {
class session;
}

namespace autoreply {

/// The transactions of a SOCI session, one after the other. Each statement is prepared at its first
/// run and kept, because preparing a statement of a claim takes ten times as long as running it.
/// Throws what SOCI throws.
class SqliteTransaction final : public SqlTransaction {
 public:
  /// The session must outlive this object.
  explicit SqliteTransaction(soci::session& session);
  ~SqliteTransaction() override;

  std::optional<Error> attempt(const std::function<void()>& body) override;

 private:
  struct Statement;

  [[nodiscard]] SqlStatement to_statement(std::string_view text) const override {
    return SqlStatement::with_names(text);
  }
  std::string run_part(const SqlStatement::Part& part,
                       std::span<const SqlParameter> parameters) override;

  soci::session& session_;
  std::unordered_map<std::string, std::unique_ptr<Statement>> statements_;  ///< by their SQL
};

}  // namespace autoreply
