#include "store/sqlite/sqlite_transaction.h"

#include "store/soci.h"

namespace autoreply {
namespace {

/// The statement is driven by hand, because SOCI's shorthand runs it in a destructor.
void run(soci::statement& statement,
         std::string_view sql,
         std::initializer_list<SqlParameter> parameters) {
  for (const SqlParameter& parameter : parameters) {
    statement.exchange(soci::use(parameter.value, std::string(parameter.name)));
  }
  statement.alloc();
  statement.prepare(std::string(sql), soci::details::st_one_time_query);
  statement.define_and_bind();
  statement.execute(true);
}

}  // namespace

std::string SqliteTransaction::do_query(std::string_view sql,
                                        std::initializer_list<SqlParameter> parameters) {
  std::string text;
  soci::indicator indicator = soci::i_null;
  soci::statement statement(session_);
  statement.exchange(soci::into(text, indicator));
  run(statement, sql, parameters);
  return text;
}

void SqliteTransaction::do_execute(std::string_view sql,
                                   std::initializer_list<SqlParameter> parameters) {
  soci::statement statement(session_);
  run(statement, sql, parameters);
}

}  // namespace autoreply
