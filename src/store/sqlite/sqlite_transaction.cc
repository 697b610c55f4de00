#include "store/sqlite/sqlite_transaction.h"

#include <exception>
#include <utility>
#include <vector>

#include "store/soci.h"
#include "store/sqlite/sqlite_error.h"

namespace autoreply {

/// SOCI keeps references to what it reads parameters from and writes results to.
struct SqliteTransaction::Statement {
  Statement(soci::session& session,
            const std::string& sql,
            std::initializer_list<SqlParameter> parameters,
            bool returns_text)
      : values(parameters.size()), statement(session) {
    if (returns_text) statement.exchange(soci::into(text, indicator));
    auto value = values.begin();
    for (const SqlParameter& parameter : parameters) {
      statement.exchange(soci::use(*value++, std::string(parameter.name)));
    }
    statement.alloc();
    statement.prepare(sql, soci::details::st_repeatable_query);
    statement.define_and_bind();
  }

  std::string run(std::initializer_list<SqlParameter> parameters) {
    auto value = values.begin();
    for (const SqlParameter& parameter : parameters) *value++ = parameter.value;
    text.clear();
    // A statement that has not come to its end keeps its locks when the transaction ends.
    for (bool more = statement.execute(true); more;) more = statement.fetch();
    return std::exchange(text, {});
  }

  std::vector<std::string> values;
  std::string text;
  soci::indicator indicator = soci::i_null;
  soci::statement statement;
};

SqliteTransaction::SqliteTransaction(soci::session& session) : session_(session) {
}

SqliteTransaction::~SqliteTransaction() = default;

std::string SqliteTransaction::do_query(std::string_view sql,
                                        std::initializer_list<SqlParameter> parameters) {
  return run(sql, parameters, true);
}

void SqliteTransaction::do_execute(std::string_view sql,
                                   std::initializer_list<SqlParameter> parameters) {
  run(sql, parameters, false);
}

std::optional<Error> SqliteTransaction::do_attempt(const std::function<void()>& body) {
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
      std::rethrow_exception(thrown);  // a trigger has rolled the whole transaction back
    }
    return error;
  }
  session_ << "release attempt";
  return std::nullopt;
}

std::string SqliteTransaction::run(std::string_view sql,
                                   std::initializer_list<SqlParameter> parameters,
                                   bool returns_text) {
  const auto [kept, is_new] = statements_.try_emplace(std::string(sql));
  try {
    if (is_new) {
      kept->second = std::make_unique<Statement>(session_, kept->first, parameters, returns_text);
    }
    return kept->second->run(parameters);
  } catch (...) {
    // Whatever state it is in, it holds no lock and is used no more.
    statements_.erase(kept);
    throw;
  }
}

}  // namespace autoreply
