#include "store/postgres/index_migration.h"

#include <array>
#include <string_view>

#include <fmt/format.h>

#include "sql.h"
#include "store/postgres/index_build_watch.h"
#include "store/postgres/queue_indexes.h"
#include "store/sql_template.h"

namespace autoreply {
namespace {

using End = PostgresSession::End;

/// Of earlier schemas. They would only slow down writes.
constexpr std::array<std::string_view, 2> kOldIndexes{"autoreply_queue_due",
                                                      "autoreply_queue_recorded"};

class IndexMigration final {
 public:
  IndexMigration(PostgresSession& session,
                 const DatabaseConfig& config,
                 const PlacedTables& tables,
                 const MigrationListener& listener)
      : session_(session), config_(config), tables_(tables), listener_(listener) {}

  Result<void> build(const QueueIndex& index) {
    auto state = state_of(index.name);
    if (!state) return fail(state.error());
    if (*state == "valid") return {};
    if (*state == "invalid") {
      if (auto dropped = drop(index.name); !dropped) return dropped;
    }
    const IndexBuildWatch watch(config_, tables_, index.name, listener_);
    if (auto built = session_.execute_alone(index.statement); !built) return fail(built.error());
    lines_.push_back(fmt::format("built {} {}", index.kind, index.name));
    return {};
  }

  Result<void> drop_old(std::string_view name) {
    auto state = state_of(name);
    if (!state) return fail(state.error());
    if (*state == "missing") return {};
    if (auto dropped = drop(name); !dropped) return dropped;
    lines_.push_back(fmt::format("dropped obsolete index {}", name));
    return {};
  }

  [[nodiscard]] std::vector<std::string>& lines() { return lines_; }

 private:
  Result<std::string> state_of(std::string_view name) {
    std::string state;
    auto done = session_.in_transaction(
        {.statement = kMigrationStatementMax}, End::commit, [&](SqlTransaction& tx) {
          state = tx.run(with_tables(sql::postgres_migration_index_state, tables_),
                         {{"index_name", std::string(name)}});
        });
    if (!done) return fail(done.error());
    return state;
  }

  Result<void> drop(std::string_view name) {
    auto dropped = session_.execute_alone(
        fmt::format("drop index concurrently if exists {}{}", tables_.prefix(), name));
    if (!dropped) return fail(dropped.error());
    return {};
  }

  PostgresSession& session_;
  const DatabaseConfig& config_;
  const PlacedTables& tables_;
  const MigrationListener& listener_;
  std::vector<std::string> lines_;
};

}  // namespace

Result<std::vector<std::string>> migrate_indexes(PostgresSession& session,
                                                 const DatabaseConfig& config,
                                                 const PlacedTables& tables,
                                                 const MigrationListener& listener) {
  IndexMigration migration(session, config, tables, listener);
  for (const QueueIndex& index : queue_indexes(tables)) {
    if (auto done = migration.build(index); !done) return fail(done.error());
  }
  for (const std::string_view name : kOldIndexes) {
    if (auto done = migration.drop_old(name); !done) return fail(done.error());
  }
  return std::move(migration.lines());
}

}  // namespace autoreply
