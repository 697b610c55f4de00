#include "store/sqlite/sqlite_transaction.h"

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>
#include <vector>

#include "store/soci.h"
#include "store/sqlite/sqlite_error.h"

namespace autoreply {

/// SOCI keeps references to the parameters and results, so all of them live here.
struct SqliteTransaction::Statement {
  Statement(soci::session& session, const SqlStatement::Part& part)
      : names(part.parameters), values(names.size()), statement(session) {
    statement.exchange(soci::into(text, indicator));
    for (std::size_t at = 0; at < names.size(); ++at) {
      statement.exchange(soci::use(values[at], names[at]));
    }
    statement.alloc();
    statement.prepare(part.sql, soci::details::st_repeatable_query);
    statement.define_and_bind();
  }

  std::string run(std::span<const SqlParameter> parameters) {
    for (std::size_t at = 0; at < names.size(); ++at) {
      const auto found = std::ranges::find(parameters, names[at], &SqlParameter::name);
      if (found == parameters.end()) {
        throw std::logic_error("no value for the parameter " + names[at]);
      }
      values[at] = found->value;
    }
    text.clear();
    // A statement that has not been run to its end keeps its locks when the transaction ends.
    for (bool more = statement.execute(true); more;) more = statement.fetch();
    return std::exchange(text, {});
  }

  const std::vector<std::string> names;
  std::vector<std::string> values;
  std::string text;
  soci::indicator indicator = soci::i_null;
  soci::statement statement;
};

SqliteTransaction::SqliteTransaction(soci::session& session) : session_(session) {
}

SqliteTransaction::~SqliteTransaction() = default;

std::optional<Error> SqliteTransaction::attempt(const std::function<void()>& body) {
  session_ << "savepoint attempt";
  try {
    body();
  } catch (const soci::soci_error& refusal) {
    const std::exception_ptr thrown = std::current_exception();
    const Error error = sqlite_error(refusal, "the database");
    const bool lies_with_statement = error.kind == ErrorKind::refused ||
                                     error.kind == ErrorKind::internal ||
                                     error.kind == ErrorKind::misconfigured;
    if (!lies_with_statement) throw;
    try {
      session_ << "rollback to attempt";
      session_ << "release attempt";
    } catch (const soci::soci_error&) {
      std::rethrow_exception(thrown);  // a trigger has rolled back the whole transaction
    }
    return error;
  }
  session_ << "release attempt";
  return std::nullopt;
}

std::string SqliteTransaction::run_part(const SqlStatement::Part& part,
                                        std::span<const SqlParameter> parameters) {
  const auto [kept, is_new] = statements_.try_emplace(part.sql);
  try {
    if (is_new) kept->second = std::make_unique<Statement>(session_, part);
    return kept->second->run(parameters);
  } catch (...) {
    // Whatever its state, the statement must hold no lock and not be used again.
    statements_.erase(kept);
    throw;
  }
}

}  // namespace autoreply
