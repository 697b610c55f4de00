#include "store/postgres/postgres_migration.h"

#include <array>
#include <chrono>
#include <memory>
#include <string_view>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/json_fields.h"
#include "sql.h"
#include "store/host_check.h"
#include "store/postgres/placed_tables.h"
#include "store/postgres/postgres_session.h"
#include "store/postgres/postgres_statements.h"
#include "store/schema.h"
#include "store/sql_template.h"

// The order of the steps is what keeps a live host safe: our own tables, then the columns under a
// short lock, then the existing rows page by page, then the indexes (built concurrently, and
// cheaper once the rows have their place), and last the version, without which `run` refuses to
// begin.

namespace autoreply {
namespace {

using std::chrono::milliseconds;
using Tx = SqlTransaction;
using End = PostgresSession::End;

// A session-level lock that is polled: a migration waiting inside a statement would be an open
// transaction, and CREATE INDEX CONCURRENTLY waits for all of those.
constexpr std::string_view kTryLock = "select pg_try_advisory_lock(1635087471, 1)::text";
constexpr std::string_view kUnlock = "select pg_advisory_unlock(1635087471, 1)::text";
constexpr milliseconds kLockPoll{200};
constexpr int kLockPollsMax = 5 * 60 * 5;

constexpr std::string_view kTryOtherLock = "select pg_try_advisory_lock(1635087471, 2)::text";
constexpr std::string_view kUnlockOther = "select pg_advisory_unlock(1635087471, 2)::text";

/// For the whole session, which is our own: indexes are built outside of transactions.
constexpr std::string_view kSessionSettings =
    "set default_transaction_read_only = off; set default_transaction_isolation = 'read "
    "committed'; set synchronous_commit = on; set client_encoding = 'UTF8'; set lock_timeout = 0; "
    "set statement_timeout = 0";

/// A page of a big queue on a slow disk takes longer than anything that a run does.
constexpr milliseconds kStatementMax{30'000};
constexpr milliseconds kAlterLockTimeout{1'000};
constexpr milliseconds kAlterPause{1'000};
constexpr int kAlterTriesMax = 60;
/// Every job rewrites its row a few times, and a claim reads the indexes where the dead versions
/// lie: room for new ones on the same page, and a vacuum that comes often and does not dawdle.
constexpr std::string_view kStorage =
    "fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000, "
    "autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 1000, "
    "autovacuum_vacuum_cost_delay = 0";
/// The claims of earlier versions walked it; now it would only cost writes.
constexpr std::string_view kOldIndex = "autoreply_queue_due";
constexpr int kOurColumns = 9;
constexpr int kPoolerProbes = 4;

struct QueueIndex {
  std::string_view name;
  std::string_view kind;
  std::string_view definition;
};

constexpr std::array<QueueIndex, 8> kQueueIndexes{{
    // Each workspace's jobs in the order in which they are claimed.
    {"autoreply_queue_turn",
     "index",
     "(coalesce(workspace_id, ''), next_attempt_at, created_at, id) where status = 'pending'"},
    // Each contact's, so that a claim can step over a busy one.
    {"autoreply_queue_waiting",
     "index",
     "(coalesce(workspace_id, ''), contact_id, next_attempt_at, created_at, id) where status = "
     "'pending'"},
    // What is left to claim of a workspace whose provider is down.
    {"autoreply_queue_recorded",
     "index",
     "(coalesce(workspace_id, ''), next_attempt_at, created_at, id) where status = 'pending' and "
     "ai_log_id is not null"},
    {"autoreply_queue_in_flight", "unique index", "(contact_id) where claim_token is not null"},
    {"autoreply_queue_contact", "index", "(contact_id, message_id)"},
    // What counts against the limits. None is partial, and the first has a form of its own: as long
    // as
    // the statistics are older than the first claims, the planner would take a partial one for
    // empty,
    // and read all of it for each contact.
    {"autoreply_queue_claimed", "index", "((claimed_at at time zone 'UTC'))"},
    {"autoreply_queue_workspace_claimed", "index", "(coalesce(workspace_id, ''), claimed_at)"},
    {"autoreply_queue_contact_claimed", "index", "(contact_id, claimed_at)"},
}};

std::string create_index(const QueueIndex& index, const TableNames& tables) {
  return with_tables(
      fmt::format(
          "create {} concurrently {} on {{queue}} {}", index.kind, index.name, index.definition),
      tables);
}

struct Relations {
  std::vector<std::string> existing;
  std::vector<std::string> missing;
  bool queue_is_table = false;
  std::int64_t our_columns = 0;
  bool schema_table = false;      ///< beside the queue
  bool any_schema_table = false;  ///< there, or first in the search path, as once was made
  std::string database;           ///< and where it is, for people
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
  Migration(PostgresSession& session, const DatabaseConfig& config)
      : session_(session), tables_{config.tables} {}

  Result<std::vector<std::string>> run() {
    for (auto step : {&Migration::find_queue,
                      &Migration::make_tables,
                      &Migration::check_host,
                      &Migration::make_own_tables,
                      &Migration::add_columns,
                      &Migration::fill_rows,
                      &Migration::build_indexes,
                      &Migration::drop_old_index,
                      &Migration::set_storage,
                      &Migration::note_version}) {
      if (auto done = (this->*step)(); !done) return fail(done.error());
    }
    if (lines_.empty()) {
      lines_.push_back(fmt::format("schema version {}: nothing to do", kSchemaVersion));
    }
    lines_.insert(lines_.begin(),
                  fmt::format("database {}, queue in schema {}", database_, tables_.schema));
    lines_.insert(lines_.end(), ignored_.begin(), ignored_.end());
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
    if (relations->schema_table) {
      auto version = session_.execute_alone(own(sql::postgres_schema_version));
      if (!version) return fail(version.error());
      version_before_ = std::stoi(*version);
    }
    if (auto fit = judge_relations(relations->existing, relations->missing, version_before_);
        !fit) {
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

  /// Before anything is changed that a host's table does not fit.
  Result<void> check_host() {
    auto answer = session_.execute_alone(postgres_statements(tables_).read_host.parts.front().sql);
    if (!answer) return fail(answer.error());
    const HostFacts facts = parse_host(*answer);
    if (auto fits = judge_host(facts, tables_, HostCheck::for_migration); !fits) return fits;
    ignored_ = ignored_columns(facts, tables_);
    return {};
  }

  Result<void> make_own_tables() {
    if (version_before_ == kSchemaVersion) return {};
    return execute(own(sql::postgres_migration_own_tables));
  }

  /// An ALTER that waits for its lock makes every later query of the table wait behind it, so it
  /// gives up quickly and tries again.
  Result<void> add_columns() {
    for (int attempt = 1;; ++attempt) {
      auto relations = read_relations();
      if (!relations) return fail(relations.error());
      if (relations->our_columns == kOurColumns) return {};
      auto done = session_.in_transaction(
          {.lock = kAlterLockTimeout, .statement = kStatementMax}, End::commit, [this](Tx& tx) {
            tx.run(with_tables(sql::postgres_migration_queue_columns, tables_));
          });
      if (done) {
        lines_.push_back(fmt::format("added our columns to {}", tables_.queue));
        return {};
      }
      if (done.error().kind != ErrorKind::busy || attempt == kAlterTriesMax) return done;
      std::this_thread::sleep_for(kAlterPause);
    }
  }

  Result<void> fill_rows() {
    // Since the first version the rows keep their own place.
    if (version_before_ > 0 || was_migrated_) return {};
    const std::string statement =
        with_tables(sql::postgres_migration_fill_next_attempt_at, tables_);
    std::string last;
    do {
      std::string after = std::exchange(last, {});
      auto done = session_.in_transaction({.statement = kStatementMax}, End::commit, [&](Tx& tx) {
        last = tx.run(statement, {{"after", after}});
      });
      if (!done) return done;
    } while (!last.empty());
    return {};
  }

  Result<void> build_indexes() {
    const std::string state_of = with_tables(sql::postgres_migration_index_state, tables_);
    for (const QueueIndex& index : kQueueIndexes) {
      std::string state;
      auto done = session_.in_transaction({.statement = kStatementMax}, End::commit, [&](Tx& tx) {
        state = tx.run(state_of, {{"index_name", std::string(index.name)}});
      });
      if (!done) return done;
      if (state == "valid") continue;
      if (state == "invalid") {
        if (auto dropped = drop_index(index.name); !dropped) return dropped;
      }
      if (auto built = session_.execute_alone(create_index(index, tables_)); !built) {
        return fail(built.error());
      }
      lines_.push_back(fmt::format("built {} {}", index.kind, index.name));
    }
    return {};
  }

  Result<void> drop_old_index() {
    std::string state;
    auto done = session_.in_transaction({.statement = kStatementMax}, End::commit, [&](Tx& tx) {
      state = tx.run(with_tables(sql::postgres_migration_index_state, tables_),
                     {{"index_name", std::string(kOldIndex)}});
    });
    if (!done || state == "missing") return done;
    lines_.push_back(fmt::format("dropped index {}, which newer ones replace", kOldIndex));
    return drop_index(kOldIndex);
  }

  Result<void> drop_index(std::string_view name) {
    const std::string drop =
        fmt::format("drop index concurrently if exists {}{}", tables_.prefix(), name);
    auto dropped = session_.execute_alone(drop);
    if (!dropped) return fail(dropped.error());
    return {};
  }

  /// What the operator has set stands.
  Result<void> set_storage() {
    if (version_before_ == kSchemaVersion) return {};
    std::string missing;
    auto read = session_.in_transaction({.statement = kStatementMax}, End::commit, [&](Tx& tx) {
      missing = tx.run(with_tables(sql::postgres_migration_missing_storage, tables_),
                       {{"settings", std::string(kStorage)}});
    });
    if (!read || missing.empty()) return read;
    lines_.push_back(fmt::format("set {} on {}", missing, tables_.queue));
    return session_.in_transaction(
        {.lock = kAlterLockTimeout, .statement = kStatementMax}, End::commit, [&](Tx& tx) {
          tx.run(with_tables(fmt::format("alter table {{queue}} set ({})", missing), tables_));
        });
  }

  Result<void> note_version() {
    if (version_before_ == kSchemaVersion) return {};
    lines_.push_back(fmt::format("schema version {}", kSchemaVersion));
    return execute(
        own(fmt::format("insert into autoreply_schema (version) values ({}) on conflict do nothing",
                        kSchemaVersion)));
  }

  Result<Relations> read_relations() {
    auto answer =
        session_.execute_alone(with_tables(own(sql::postgres_migration_relations), tables_));
    if (!answer) return fail(answer.error());
    return parse_relations(*answer);
  }

  Result<void> execute(std::string_view statements) {
    return session_.in_transaction(
        {.statement = kStatementMax}, End::commit, [statements](Tx& tx) { tx.run(statements); });
  }

  /// Our tables and indexes live in the queue's schema, which need not be first in the search path.
  [[nodiscard]] std::string own(std::string_view statement) const {
    return with_own_tables(statement, tables_.prefix());
  }

  PostgresSession& session_;
  PlacedTables tables_;
  std::string database_;
  int version_before_ = 0;
  bool was_migrated_ = false;
  std::vector<std::string> ignored_;
  std::vector<std::string> lines_;
};

/// Two sessions of our own never share a server process, unless a pooler hands its processes from
/// transaction to transaction; then session locks and CREATE INDEX CONCURRENTLY are not safe.
Result<void> require_own_session(PostgresSession& session, const DatabaseConfig& config) {
  auto second = PostgresSession::open(config.url, config.wait);
  if (!second) return fail(second.error());
  constexpr std::string_view kServerProcess = "select pg_backend_pid()::text";
  std::string first_process;
  for (int probe = 0; probe < kPoolerProbes; ++probe) {
    auto ours = session.execute_alone(kServerProcess);
    if (!ours) return fail(ours.error());
    auto theirs = (*second)->execute_alone(kServerProcess);
    if (!theirs) return fail(theirs.error());
    if (probe == 0) first_process = *ours;
    if (*ours == *theirs || *ours != first_process) {
      return fail(ErrorKind::misconfigured,
                  "the database is behind a pooler in transaction mode: migrate over a direct or a "
                  "session connection (at Supabase port 5432); run works through the pooler");
    }
  }
  return {};
}

/// Claims of all runs take turns by such locks. Some servers that speak PostgreSQL's protocol grant
/// them to everybody.
Result<void> require_excluding_locks(PostgresSession& session, const DatabaseConfig& config) {
  auto second = PostgresSession::open(config.url, config.wait);
  if (!second) return fail(second.error());
  auto ours = session.execute_alone(kTryOtherLock);
  if (!ours) return fail(ours.error());
  auto theirs = (*second)->execute_alone(kTryOtherLock);
  if (!theirs) return fail(theirs.error());
  if (*ours == "true") static_cast<void>(session.execute_alone(kUnlockOther));
  if (*ours != "true" || *theirs != "true") return {};
  return fail(
      ErrorKind::misconfigured,
      "the database's advisory locks do not exclude, so that runs would claim the same jobs: "
      "use PostgreSQL itself");
}

Result<void> take_turn(PostgresSession& session) {
  for (int poll = 0; poll < kLockPollsMax; ++poll) {
    auto locked = session.execute_alone(kTryLock);
    if (!locked) return fail(locked.error());
    if (*locked == "true") return {};
    std::this_thread::sleep_for(kLockPoll);
  }
  return fail(ErrorKind::busy, "another migration is still running: try again when it has ended");
}

}  // namespace

Result<std::vector<std::string>> migrate_postgres(const DatabaseConfig& config) {
  auto session = PostgresSession::open(config.url, config.wait);
  if (!session) return fail(session.error());
  if (auto own = require_own_session(**session, config); !own) return fail(own.error());
  if (auto set = (*session)->execute_alone(kSessionSettings); !set) return fail(set.error());
  if (auto excluding = require_excluding_locks(**session, config); !excluding) {
    return fail(excluding.error());
  }
  if (auto turn = take_turn(**session); !turn) return fail(turn.error());
  auto lines = Migration(**session, config).run();
  auto unlocked = (*session)->execute_alone(kUnlock);
  if (lines && !unlocked) return fail(unlocked.error());
  return lines;
}

std::string postgres_migration_sql(const DatabaseConfig& config) {
  const TableNames& tables = config.tables;
  const std::size_t dot = tables.queue.find('.');
  const std::string prefix =
      dot == std::string::npos ? "" : quoted_name(tables.queue.substr(0, dot)) + ".";
  std::string text = with_tables(sql::postgres_migration_host_tables, tables) + ";\n" +
                     with_own_tables(sql::postgres_migration_own_tables, prefix) + ";\n" +
                     with_tables(sql::postgres_migration_queue_columns, tables) + ";\n";
  text += with_tables(
      "update {queue} set next_attempt_at = created_at::timestamptz\n where status = 'pending' and "
      "claim_token is null and created_at::timestamptz < next_attempt_at;\n",
      tables);
  for (const QueueIndex& index : kQueueIndexes) text += create_index(index, tables) + ";\n";
  text += with_tables(fmt::format("alter table {{queue}} set ({});\n", kStorage), tables);
  return text +
         with_own_tables(
             fmt::format(
                 "insert into autoreply_schema (version) values ({}) on conflict do nothing;\n",
                 kSchemaVersion),
             prefix);
}

}  // namespace autoreply
