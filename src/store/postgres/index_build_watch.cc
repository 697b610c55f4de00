#include "store/postgres/index_build_watch.h"

#include <chrono>
#include <stop_token>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/json_fields.h"
#include "base/pause.h"
#include "sql.h"
#include "store/postgres/postgres_session.h"
#include "store/sql_template.h"

namespace autoreply {
namespace {

constexpr std::chrono::milliseconds kAskPause{250};
/// Begins the names of some phases; the index's name says as much.
constexpr std::string_view kBuilding = "building index: ";

void watch(const DatabaseConfig& config,
           const std::string& statement,
           const std::string& index,
           const MigrationListener& listener,
           const std::stop_token& end) {
  const auto session = PostgresSession::open(config.url, config.wait);
  if (!session) return;
  simdjson::dom::parser parser;
  while (!end.stop_requested()) {
    const auto answer = (*session)->execute_alone(statement);
    if (!answer) return;
    if (const auto build = try_parse(parser, *answer)) {
      std::string phase = text_of(*build, "phase");
      if (phase.starts_with(kBuilding)) phase.erase(0, kBuilding.size());
      listener({.step = fmt::format("{}: {}", index, phase),
                .done = number_of(*build, "done"),
                .total = number_of(*build, "total")});
    }
    pause_unless_stopped(kAskPause, end);
  }
}

}  // namespace

IndexBuildWatch::IndexBuildWatch(const DatabaseConfig& config,
                                 const PlacedTables& tables,
                                 std::string_view index,
                                 const MigrationListener& listener) {
  if (!listener) return;
  thread_ = std::jthread([&config,
                          &listener,
                          statement = with_tables(sql::postgres_migration_index_build, tables),
                          name = std::string(index)](const std::stop_token& end) {
    watch(config, statement, name, listener, end);
  });
}

}  // namespace autoreply
