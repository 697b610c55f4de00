#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "job/breaker.h"
#include "job/conversation.h"
#include "job/hold.h"
#include "job/job.h"
#include "job/peer.h"
#include "job/reply.h"
#include "job/settlement.h"
#include "store/claim_statements.h"

namespace autoreply {

/// A job whose last rejection turned out not to be its own fault.
struct WrongedJob {
  JobId id;
  int attempt = 1;          ///< what the row's `attempts` must still be
  int attempts_before = 0;  ///< what they become again
  DatabaseTime at = 0;      ///< when it was rejected; if claimed since, the job is left alone
};

/// A peer that has accepted something.
struct AcceptedPeer {
  Peer peer;
  std::string job;
};

struct RecordRequest {
  HeldJob held;
  Job job;
  std::chrono::milliseconds lease{};  ///< runs from now
  std::string log_id{};
  int sends = 1;  ///< the row's `sends` afterwards
  /// False if the reply is only stored, because nothing may be sent now.
  bool transmits = true;
  /// Empty if an earlier attempt recorded the reply, so only this transmission is noted.
  std::optional<Reply> reply = std::nullopt;
};

/// A job whose transmission may begin, as far as the database knows.
struct Recorded {
  std::string text;  ///< the text in the log, which is sent
  SendConditions conditions{};
  DatabaseTime at = 0;  ///< when it was recorded
};

/// What `JobStore::write` did: one element for each request, in order; `token_lost` for a job whose
/// token no longer holds.
struct Written {
  Results<Recorded> recorded;
  Results<void> settled;
};

/// What a run finds at first sight.
enum class Idleness {
  busy,  ///< there is something to do, or something is not in order
  idle,  ///< no job is due
  // No job is due, but some wait until somebody mends a setting:
  workspace_refused,  ///< one of a workspace
  operator_refused,   ///< one of the operator
};

/// How a run ended.
struct RunEnd {
  std::chrono::milliseconds duration{0};
  int exit_status = 0;
  std::string summary_json;
};

/// The queue and the host's tables, over one session of one database.
///
/// One thread at a time; open one store for each thread. A lost connection is reopened within the
/// configured wait, and the operation is repeated; after a lost answer too, since a repetition
/// changes nothing more. If only the answer to the commit of a claim or a report was lost, the
/// database is asked what became of it. So a call that succeeds returns what was really written.
/// Errors: `unavailable` if the connection did not come back, `busy` if a lock or a serialization
/// conflict stood in the way, `refused` if the database did not accept the data. After `refused`,
/// nothing of the call was written, unless an answer was lost before.
class JobStore {
 public:
  virtual ~JobStore() = default;

  /// Asks in one round trip whether a run would find nothing to do, and notes that a run has
  /// looked. If there is something to do, or after an error, `check_ready` comes next.
  [[nodiscard]] virtual Result<Idleness> look() = 0;

  /// Checks that the schema is this version's and that no row is hidden from the session. Returns
  /// `misconfigured` with what to do.
  [[nodiscard]] virtual Result<void> check_ready() = 0;

  /// Checks with one query that the host's tables have the columns, types and rights that a run
  /// needs. Returns `misconfigured` with what to do. The first claim that finds something to take
  /// makes this check itself. Calls make it again if the database refuses a statement as if tables,
  /// columns or rights were missing, and return what it finds.
  [[nodiscard]] virtual Result<void> check_host() = 0;

  /// Work in one transaction. It may run several times, and only the last run may leave effects.
  /// Exceptions that are not errors of statements pass through.
  using ClaimBody = std::function<void(ClaimStatements&)>;

  /// Runs `body` under the claim lock and commits. Claims of all runs take turns; `busy` means that
  /// the turn did not come within 5 s. First clears the lapsed claims of jobs that another service
  /// has ended. Returns the rows that stayed unchanged because the database refuses to have them
  /// claimed or cleared; later claims of the same store leave them out.
  [[nodiscard]] virtual Result<std::vector<RefusedJob>> claim(const ClaimBody& body) = 0;

  /// The same, but rolls back.
  [[nodiscard]] virtual Result<void> preview_claim(const ClaimBody& body) = 0;

  /// Runs `body`, which only reads, without the claim lock.
  [[nodiscard]] virtual Result<void> read_claims(const ClaimBody& body) = 0;

  /// Marks the jobs as started and reads what they refer to. The result has one element for each
  /// request, in order; `token_lost` for a job whose token no longer holds.
  [[nodiscard]] virtual Result<Results<JobContext>> start(
      std::span<const StartRequest> requests) = 0;

  /// Renews the leases of jobs. True for each job whose token still holds and whose row no other
  /// transaction has locked.
  [[nodiscard]] virtual Result<std::vector<bool>> renew(std::span<const HeldJob> jobs,
                                                        std::chrono::milliseconds lease) = 0;

  /// Makes replies durable, notes the transmissions that are about to begin, and settles other
  /// jobs, all in one transaction.
  [[nodiscard]] virtual Result<Written> write(std::span<const RecordRequest> records,
                                              std::span<const Settlement> settlements) = 0;

  /// Returns the breakers that are to be written. It may run several times, and only the last run
  /// may leave effects.
  using BreakerBody = std::function<std::vector<NamedBreaker>(const LockedBreakers&)>;

  /// Locks breakers, runs `body`, and writes what it returns, in one transaction.
  [[nodiscard]] virtual Result<void> update_breakers(const BreakersToLock& wanted,
                                                     const BreakerBody& body) = 0;

  /// Notes that peers have accepted something. Changes nothing else in their breakers.
  [[nodiscard]] virtual Result<void> note_accepted(std::span<const AcceptedPeer> peers) = 0;

  /// Puts jobs back to `pending`, with the attempts that they had before, if they are still as
  /// their rejection left them. Returns the jobs that were put back.
  [[nodiscard]] virtual Result<std::vector<JobId>> put_back(std::span<const WrongedJob> jobs,
                                                            const std::string& reason) = 0;

  /// Deletes breakers that have not changed for a month, the records of runs that ended then, and
  /// spending older than two, at most a few thousand rows of each at a time.
  [[nodiscard]] virtual Result<void> drop_stale_rows() = 0;

  /// Deletes a breaker and all evidence about its peer. Returns whether it existed.
  [[nodiscard]] virtual Result<bool> forget_breaker(const std::string& name) = 0;

  /// Notes what a look of a run has found to keep due jobs unclaimed, for the view
  /// `autoreply_waiting`. Replaces what was known of these workspaces. `are_all`: no other
  /// workspace has due jobs, so no limit holds one back. Drops what closed breakers held.
  [[nodiscard]] virtual Result<void> write_holds(std::span<const Hold> holds,
                                                 const std::vector<std::string>& workspaces,
                                                 bool are_all) = 0;

  /// Notes that the run of `DatabaseConfig::run` has begun. It has died if it gives no sign of life
  /// for `alive_for`; a renewal of leases is one. `options_json`: {option: value, ...} as given,
  /// without secrets.
  [[nodiscard]] virtual Result<void> begin_run(const std::string& options_json,
                                               std::chrono::milliseconds alive_for) = 0;
  /// Notes that it has ended. The record stays if the run had not been noted before.
  [[nodiscard]] virtual Result<void> end_run(const RunEnd& end) = 0;
};

/// Opens one more store on the run's database.
using StoreOpener = std::function<Result<std::unique_ptr<JobStore>>()>;

}  // namespace autoreply
