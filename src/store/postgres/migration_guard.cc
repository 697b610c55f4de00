#include "store/postgres/migration_guard.h"

#include <chrono>
#include <string>
#include <string_view>
#include <thread>

namespace autoreply {
namespace {

using std::chrono::milliseconds;

// The session-level lock is polled, because a migration that waits inside a statement is an open
// transaction, and CREATE INDEX CONCURRENTLY waits for all of those.
constexpr std::string_view kTryLock = "select pg_try_advisory_lock(1635087471, 1)::text";
constexpr std::string_view kUnlock = "select pg_advisory_unlock(1635087471, 1)::text";
constexpr milliseconds kLockPoll{200};
constexpr int kLockPollsMax = 5 * 60 * 5;

constexpr std::string_view kTryOtherLock = "select pg_try_advisory_lock(1635087471, 2)::text";
constexpr std::string_view kUnlockOther = "select pg_advisory_unlock(1635087471, 2)::text";

constexpr int kPoolerProbes = 4;

}  // namespace

/// Only behind such a pooler do two sessions share a server process, or does one session change its
/// process.
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
                  "session connection (port 5432 on Supabase); run works through the pooler");
    }
  }
  return {};
}

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
      "the database's advisory locks do not exclude other sessions, so runs would claim the same "
      "jobs: use PostgreSQL itself");
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
