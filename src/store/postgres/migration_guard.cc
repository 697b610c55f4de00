#include "store/postgres/migration_guard.h"

#include <chrono>
#include <string>
#include <string_view>
#include <thread>

#include "store/postgres/postgres_connection_facts.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;

// The session-level lock is polled, because a migration that waits inside a statement is an open
// transaction, and CREATE INDEX CONCURRENTLY waits for all of those.
constexpr std::string_view kTryLock = "select pg_try_advisory_lock(1635087471, 1)::text";
constexpr std::string_view kUnlock = "select pg_advisory_unlock(1635087471, 1)::text";
constexpr milliseconds kLockPoll{200};
constexpr int kLockPollsMax = 5 * 60 * 5;

}  // namespace

Result<void> require_fit_connection(PostgresSession& session, const DatabaseConfig& config) {
  const auto facts = postgres_connection_facts(session, config);
  if (!facts) return fail(facts.error());
  if (facts->pooled) {
    return fail(ErrorKind::misconfigured,
                "the database is behind a pooler in transaction mode: migrate over a direct or a "
                "session connection (port 5432 on Supabase); run works through the pooler");
  }
  if (!facts->locks_exclude) {
    return fail(
        ErrorKind::misconfigured,
        "the database's advisory locks do not exclude other sessions, so runs would claim the same "
        "jobs: use PostgreSQL itself");
  }
  return {};
}

Result<void> take_migration_turn(PostgresSession& session) {
  for (int poll = 0; poll < kLockPollsMax; ++poll) {
    auto locked = session.execute_alone(kTryLock);
    if (!locked) return fail(locked.error());
    if (*locked == "true") return {};
    std::this_thread::sleep_for(kLockPoll);
  }
  return fail(ErrorKind::busy,
              "another migration is still running: try again when it has finished");
}

Result<void> end_migration_turn(PostgresSession& session) {
  auto unlocked = session.execute_alone(kUnlock);
  if (!unlocked) return fail(unlocked.error());
  return {};
}

}  // namespace autoreply
