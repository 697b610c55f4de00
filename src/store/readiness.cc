#include "store/readiness.h"

#include "store/schema.h"

namespace autoreply {

Result<void> check_readiness(SqlDatabase& database) {
  Result<Readiness> readiness;
  SchemaVersion schema;
  auto done = database.transact(SqlDatabase::Purpose::check, [&](SqlTransaction& tx) {
    const Statements& sql = database.statements(tx);
    readiness = parse_readiness(tx.run(sql.check_ready));
    const bool migrated = readiness && readiness->schema_table && readiness->schema_readable;
    if (migrated) schema = parse_schema_version(tx.run(sql.schema_version));
  });
  if (!done) return done;
  if (!readiness) return fail(readiness.error());
  return judge_readiness(*readiness, schema);
}

}  // namespace autoreply
