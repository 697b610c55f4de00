#include "store/postgres/postgres_migration.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string_view>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/json_fields.h"
#include "base/text.h"
#include "sql.h"
#include "store/host_check.h"
#include "store/postgres/function_migration.h"
#include "store/postgres/index_migration.h"
#include "store/postgres/migration_guard.h"
#include "store/postgres/placed_tables.h"
#include "store/postgres/postgres_session.h"
#include "store/postgres/postgres_statements.h"
#include "store/postgres/queue_indexes.h"
#include "store/postgres/view_migration.h"
#include "store/schema.h"
#include "store/sql_template.h"

// The order of the steps keeps a live host safe: our own tables, then the columns under a short
// lock, then the existing rows page by page, then the indexes, and last the version. The indexes
// are built concurrently, and are cheaper once the rows are filled in. Without the version, `run`
// refuses to begin.

namespace autoreply {
namespace {

using std::chrono::milliseconds;
using Tx = SqlTransaction;
using End = PostgresSession::End;

/// For the whole session, because indexes are built outside of transactions. No pooler shares it.
constexpr std::string_view kSessionSettings =
    "set default_transaction_read_only = off; set default_transaction_isolation = 'read "
    "committed'; set synchronous_commit = on; set client_encoding = 'UTF8'; set lock_timeout = 0; "
    "set statement_timeout = 0";

constexpr milliseconds kAlterLockTimeout{1'000};
constexpr milliseconds kAlterPause{1'000};
constexpr int kAlterTriesMax = 60;

/// How many columns queue_columns.sql adds.
std::int64_t our_columns() {
  constexpr std::string_view kAdd = "add column ";
  std::int64_t count = 0;
  std::string_view rest = sql::postgres_migration_queue_columns;
  for (std::size_t at = rest.find(kAdd); at != std::string_view::npos; at = rest.find(kAdd)) {
    ++count;
    rest.remove_prefix(at + kAdd.size());
  }
  return count;
}

std::string_view storage() {
  return trimmed(sql::postgres_migration_storage);
}

struct Relations {
  std::vector<std::string> existing;
  std::vector<std::string> missing;
  bool queue_is_table = false;
  std::int64_t our_columns = 0;
  bool schema_table = false;      ///< in the queue's schema
  bool any_schema_table = false;  ///< there, or first in the search path
  std::string database;           ///< with its address, for people
};

Result<Relations> parse_relations(std::string_view json) {
  simdjson::dom::parser parser;
  const auto document = try_parse(parser, json);
  if (!document) {
    return fail(ErrorKind::internal, "the database's answer about its tables cannot be read");
  }
  return Relations{.existing = text_array_of((*document)["existing"].value()),
                   .missing = text_array_of((*document)["missing"].value()),
                   .queue_is_table = flag_of(*document, "queue_is_table"),
                   .our_columns = number_of(*document, "our_columns"),
                   .schema_table = flag_of(*document, "schema_table"),
                   .any_schema_table = flag_of(*document, "any_schema_table"),
                   .database = text_of(*document, "database")};
}

class Migration final {
 public:
  Migration(PostgresSession& session,
            const DatabaseConfig& config,
            const MigrationListener& listener)
      : session_(session), config_(config), listener_(listener), tables_{config.tables} {}

  Result<std::vector<std::string>> run() {
    for (auto step : {&Migration::find_queue,
                      &Migration::make_tables,
                      &Migration::check_host,
                      &Migration::make_own_tables,
                      &Migration::add_columns,
                      &Migration::fill_rows,
                      &Migration::make_indexes,
                      &Migration::set_storage,
                      &Migration::make_functions,
                      &Migration::make_view,
                      &Migration::note_version}) {
      if (auto done = (this->*step)(); !done) return fail(done.error());
      // A later revision may lack what only this one would make.
      if (before_ > kSchema) break;
    }
    if (lines_.empty()) lines_.push_back(nothing_to_do(std::max(before_, kSchema)));
    lines_.insert(lines_.begin(),
                  fmt::format("database {}, queue in schema {}", database_, tables_.schema));
    return std::move(lines_);
  }

 private:
  Result<void> find_queue() {
    auto place = session_.execute_alone(queue_place_sql(tables_));
    if (!place) return fail(place.error());
    tables_ = parse_queue_place(tables_, *place);
    return {};
  }

  Result<void> make_tables() {
    auto relations = read_relations();
    if (!relations) return fail(relations.error());
    database_ = relations->database;
    was_migrated_ = relations->any_schema_table;
    has_own_tables_ = relations->schema_table;
    if (relations->schema_table) {
      auto version = session_.execute_alone(own(sql::postgres_schema_version));
      if (!version) return fail(version.error());
      before_ = parse_schema_version(*version);
    }
    if (auto fit = judge_relations(relations->existing, relations->missing, before_); !fit) {
      return fit;
    }
    if (relations->existing.empty()) {
      if (auto done = execute(with_tables(sql::postgres_migration_host_tables, tables_)); !done) {
        return done;
      }
      lines_.emplace_back(kHostTablesCreated);
      return find_queue();
    }
    if (!relations->queue_is_table) return queue_is_no_table(tables_.queue);
    return {};
  }

  /// Runs before anything is changed, so that tables that do not fit stay untouched.
  Result<void> check_host() {
    auto answer = session_.execute_alone(postgres_statements(tables_).read_host.parts.front().sql);
    if (!answer) return fail(answer.error());
    const HostFacts facts = parse_host(*answer);
    if (auto fits = judge_host(facts, tables_, HostCheck::for_migration); !fits) return fits;
    return {};
  }

  Result<void> make_own_tables() {
    if (before_ == kSchema) return {};
    return session_.in_transaction(
        {.statement = kMigrationStatementMax}, End::commit, [this](Tx& tx) {
          const std::string new_tables =
              tx.run(with_own_schema(sql::postgres_migration_new_own_tables, tables_));
          tx.run(own(sql::postgres_migration_own_tables));
          if (has_own_tables_) {
            const std::string rights =
                tx.run(with_own_schema(sql::postgres_migration_new_own_table_rights, tables_),
                       {{"tables", new_tables}});
            if (!rights.empty()) tx.run(rights);
            return;
          }
          const std::string revokes =
              tx.run(with_own_schema(sql::postgres_migration_own_table_rights, tables_));
          if (revokes.empty()) return;
          tx.run(revokes);
          lines_.emplace_back("revoked what default privileges gave to others on our new tables");
        });
  }

  /// Gives up quickly and tries again, because every later query of the table would wait behind an
  /// ALTER that waits for its lock.
  Result<void> add_columns() {
    for (int attempt = 1;; ++attempt) {
      auto relations = read_relations();
      if (!relations) return fail(relations.error());
      if (relations->our_columns == our_columns()) return {};
      auto done = session_.in_transaction(
          {.lock = kAlterLockTimeout, .statement = kMigrationStatementMax},
          End::commit,
          [this](Tx& tx) {
            tx.run(with_tables(sql::postgres_migration_queue_columns, tables_));
            const std::string grants =
                tx.run(with_tables(sql::postgres_migration_column_rights, tables_));
            if (!grants.empty()) tx.run(grants);
          });
      if (done) {
        lines_.push_back(fmt::format("added autoreply's columns to {}", tables_.queue));
        return {};
      }
      if (done.error().kind != ErrorKind::busy || attempt == kAlterTriesMax) return done;
      std::this_thread::sleep_for(kAlterPause);
    }
  }

  Result<void> fill_rows() {
    // Only the first migration fills in `next_attempt_at`. Later ones leave it as it is.
    if (before_ == SchemaVersion{} && !was_migrated_) {
      return fill(sql::postgres_migration_fill_next_attempt_at, Plans::any);
    }
    // Programs of an earlier revision may have run since the last migration.
    return fill(sql::postgres_migration_fill_may_have_reply, Plans::lookups);
  }

  /// Runs a statement page by page. It returns the last id of its page.
  Result<void> fill(std::string_view statement, Plans plans) {
    std::string last;
    do {
      std::string after = std::exchange(last, {});
      auto done = session_.in_transaction(
          {.statement = kMigrationStatementMax, .plans = plans}, End::commit, [&](Tx& tx) {
            last = tx.run(with_tables(statement, tables_), {{"after", after}});
          });
      if (!done) return done;
    } while (!last.empty());
    return {};
  }

  Result<void> make_indexes() {
    return report(migrate_indexes(session_, config_, tables_, listener_));
  }

  /// Keeps storage settings that the operator has set.
  Result<void> set_storage() {
    if (before_ == kSchema) return {};
    std::string missing;
    auto read =
        session_.in_transaction({.statement = kMigrationStatementMax}, End::commit, [&](Tx& tx) {
          missing = tx.run(with_tables(sql::postgres_migration_missing_storage, tables_),
                           {{"settings", std::string(storage())}});
        });
    if (!read || missing.empty()) return read;
    lines_.push_back(fmt::format("set {} on {}", missing, tables_.queue));
    return session_.in_transaction(
        {.lock = kAlterLockTimeout, .statement = kMigrationStatementMax}, End::commit, [&](Tx& tx) {
          tx.run(with_tables(fmt::format("alter table {{queue}} set ({})", missing), tables_));
        });
  }

  Result<void> make_functions() { return report(migrate_functions(session_, tables_)); }

  Result<void> make_view() { return report(migrate_waiting_view(session_, tables_)); }

  /// Adds what a part of the migration reports.
  Result<void> report(const Result<std::vector<std::string>>& lines) {
    if (!lines) return fail(lines.error());
    lines_.insert(lines_.end(), lines->begin(), lines->end());
    return {};
  }

  Result<void> note_version() {
    if (before_ == kSchema) return {};
    lines_.push_back(fmt::format("schema version {}", kSchema.text()));
    return execute(own(note_schema_sql()));
  }

  Result<Relations> read_relations() {
    auto answer =
        session_.execute_alone(with_tables(own(sql::postgres_migration_relations), tables_));
    if (!answer) return fail(answer.error());
    return parse_relations(*answer);
  }

  Result<void> execute(std::string_view statements) {
    return session_.in_transaction({.statement = kMigrationStatementMax},
                                   End::commit,
                                   [statements](Tx& tx) { tx.run(statements); });
  }

  /// Our tables and indexes live in the queue's schema, which may not be first in the search path.
  [[nodiscard]] std::string own(std::string_view statement) const {
    return with_own_tables(statement, tables_.prefix());
  }

  PostgresSession& session_;
  const DatabaseConfig& config_;
  const MigrationListener& listener_;
  PlacedTables tables_;
  std::string database_;
  SchemaVersion before_;
  bool was_migrated_ = false;
  bool has_own_tables_ = false;
  std::vector<std::string> lines_;
};

}  // namespace

Result<std::vector<std::string>> migrate_postgres(const DatabaseConfig& config,
                                                  const MigrationListener& listener) {
  auto session = PostgresSession::open(config.url, config.wait);
  if (!session) return fail(session.error());
  if (auto fit = require_fit_connection(**session, config); !fit) return fail(fit.error());
  if (auto set = (*session)->execute_alone(kSessionSettings); !set) return fail(set.error());
  if (auto turn = take_migration_turn(**session); !turn) return fail(turn.error());
  auto lines = Migration(**session, config, listener).run();
  auto ended = end_migration_turn(**session);
  if (lines && !ended) return fail(ended.error());
  return lines;
}

std::string postgres_migration_sql(const DatabaseConfig& config) {
  const TableNames& tables = config.tables;
  const std::size_t dot = tables.queue.find('.');
  const std::string prefix =
      dot == std::string::npos ? "" : quoted_name(tables.queue.substr(0, dot)) + ".";
  std::string text;
  for (const std::string& part : {with_tables(sql::postgres_migration_host_tables, tables),
                                  with_own_tables(sql::postgres_migration_own_tables, prefix),
                                  with_tables(sql::postgres_migration_queue_columns, tables),
                                  with_tables(sql::postgres_migration_fill_at_once, tables)}) {
    text += std::string(trimmed(part)) + ";\n";
  }
  for (const QueueIndex& index : queue_indexes(tables)) text += index.statement + ";\n";
  text += with_tables(fmt::format("alter table {{queue}} set ({});\n", storage()), tables);
  text += waiting_view_sql(tables, prefix) + ";\n";
  text += with_own_tables(note_schema_sql() + ";\n", prefix);
  return text + "-- `autoreply migrate` also makes functions for the tables that it finds.\n";
}

}  // namespace autoreply
