#include "store/postgres/postgres_transaction.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace autoreply {

BoundedConnection::Query query_of(const SqlStatement::Part& part,
                                  std::span<const SqlParameter> parameters) {
  BoundedConnection::Query query{.sql = part.sql.c_str(), .values = {}};
  query.values.reserve(part.parameters.size());
  for (const std::string& name : part.parameters) {
    const auto found = std::ranges::find(parameters, name, &SqlParameter::name);
    if (found == parameters.end()) {
      throw std::logic_error(fmt::format("no value for the parameter {}", name));
    }
    query.values.push_back(found->value.c_str());
  }
  return query;
}

std::optional<Error> PostgresTransaction::attempt(const std::function<void()>& body) {
  connection_.run("savepoint attempt");
  try {
    body();
  } catch (const PostgresFailure& failure) {
    const ErrorKind kind = failure.error().kind;
    const bool lies_with_statement = kind == ErrorKind::refused || kind == ErrorKind::internal ||
                                     kind == ErrorKind::misconfigured;
    if (failure.lost() || !lies_with_statement) throw;
    connection_.run("rollback to savepoint attempt; release savepoint attempt");
    return failure.error();
  }
  connection_.run("release savepoint attempt");
  return std::nullopt;
}

std::string PostgresTransaction::run_part(const SqlStatement::Part& part,
                                          std::span<const SqlParameter> parameters) {
  // Several statements in one text are possible only if there are no parameters.
  if (part.parameters.empty()) return connection_.run(part.sql);
  return connection_.run(query_of(part, parameters));
}

}  // namespace autoreply
