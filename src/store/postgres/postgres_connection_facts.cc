#include "store/postgres/postgres_connection_facts.h"

#include <string>
#include <string_view>

namespace autoreply {
namespace {

constexpr int kPoolerProbes = 4;

constexpr std::string_view kServerProcess = "select pg_backend_pid()::text";
constexpr std::string_view kTryProbeLock = "select pg_try_advisory_lock(1635087471, 2)::text";
constexpr std::string_view kUnlockProbe = "select pg_advisory_unlock(1635087471, 2)::text";

/// Only behind a pooler that assigns server processes per transaction do two sessions share one, or
/// does one session change its own.
Result<bool> is_pooled(PostgresSession& session, PostgresSession& second) {
  std::string first_process;
  for (int probe = 0; probe < kPoolerProbes; ++probe) {
    auto ours = session.execute_alone(kServerProcess);
    if (!ours) return fail(ours.error());
    auto theirs = second.execute_alone(kServerProcess);
    if (!theirs) return fail(theirs.error());
    if (probe == 0) first_process = *ours;
    if (*ours == *theirs || *ours != first_process) return true;
  }
  return false;
}

/// Some servers that only speak PostgreSQL's protocol grant one lock to several sessions.
Result<bool> locks_exclude(PostgresSession& session, PostgresSession& second) {
  auto ours = session.execute_alone(kTryProbeLock);
  if (!ours) return fail(ours.error());
  auto theirs = second.execute_alone(kTryProbeLock);
  if (!theirs) return fail(theirs.error());
  if (*ours == "true") static_cast<void>(session.execute_alone(kUnlockProbe));
  return *ours != "true" || *theirs != "true";
}

}  // namespace

Result<ConnectionFacts> postgres_connection_facts(PostgresSession& session,
                                                  const DatabaseConfig& config) {
  auto second = PostgresSession::open(config.url, config.wait);
  if (!second) return fail(second.error());
  const auto pooled = is_pooled(session, **second);
  if (!pooled) return fail(pooled.error());
  // A session's lock would stay with the server process, and so with the next client.
  if (*pooled) return ConnectionFacts{.pooled = true};
  const auto excluding = locks_exclude(session, **second);
  if (!excluding) return fail(excluding.error());
  return ConnectionFacts{.locks_exclude = *excluding};
}

}  // namespace autoreply
