#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "store/postgres/bounded_connection.h"
#include "store/sql_transaction.h"

namespace autoreply {

/// A part of a statement with the values of its parameters. Both must outlive it.
[[nodiscard]] BoundedConnection::Query query_of(const SqlStatement::Part& part,
                                                std::span<const SqlParameter> parameters);

/// The open transaction of a connection, which must outlive it.
class PostgresTransaction final : public SqlTransaction {
 public:
  explicit PostgresTransaction(BoundedConnection& connection) : connection_(connection) {}

  std::optional<Error> attempt(const std::function<void()>& body) override;

 private:
  [[nodiscard]] SqlStatement to_statement(std::string_view text) const override {
    return SqlStatement::with_numbers(text);
  }
  std::string run_part(const SqlStatement::Part& part,
                       std::span<const SqlParameter> parameters) override;

  BoundedConnection& connection_;
};

}  // namespace autoreply
