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
#include "job/job.h"
#include "job/peer.h"
#include "job/reply.h"
#include "job/settlement.h"
#include "store/claim_statements.h"

namespace autoreply {

/// A row that the database does not let us change.
struct RefusedJob {
  JobId id;
  std::string reason;
};

/// A job whose last rejection turned out to be no fault of its own.
struct WrongedJob {
  JobId id;
  int attempt = 1;          ///< what the row's `attempts` must still be
  int attempts_before = 0;  ///< what they are to be again
  DatabaseTime at = 0;  ///< when it was rejected: another claim since has made it another matter
};

/// A peer that has accepted something.
struct AcceptedPeer {
  Peer peer;
  std::string job;
};

struct RecordRequest {
  HeldJob held;
  Job job;
  std::chrono::milliseconds lease{};  ///< renewed from now on
  std::string log_id{};
  int sends = 1;  ///< the row's `sends` afterwards
  /// False if the reply is only to be kept, since nothing may be sent now.
  bool transmits = true;
  /// Empty if an earlier attempt recorded the reply and only this transmission is noted.
  std::optional<Reply> reply = std::nullopt;
};

/// A job whose transmission may begin, as far as the database knows.
struct Recorded {
  std::string text;  ///< as it stands in the log: what is sent
  SendConditions conditions{};
  DatabaseTime at = 0;  ///< when it was recorded
};

/// What `JobStore::write` did, one element a request, in order; `token_lost` for a job whose token
/// no longer holds.
struct Written {
  Results<Recorded> recorded;
  Results<void> settled;
};

/// What a run leaves behind about itself.
struct RunRow {
  std::string run_id;
  std::string version;
  std::string host;
  std::int64_t duration_ms = 0;
  int exit_status = 0;
  std::string summary_json;
};

/// The queue and the host's tables, over one session of one database.
///
/// One thread at a time; make one store a thread. A lost connection is opened again within the
/// configured wait, and the operation repeated; if only the answer to its commit was lost, the
/// database is asked what became of it: a call returns what was written. Errors:
/// `unavailable` when the connection did not come back, `busy` when a lock or a serialization
/// conflict stood in the way, `refused` when the database does not accept the data (nothing of the
/// call was written).
class JobStore {
 public:
  virtual ~JobStore() = default;

  /// Checks that the schema is this version's and that no row would be hidden from the session.
  /// Returns `misconfigured` with what to do.
  [[nodiscard]] virtual Result<void> check_ready() = 0;

  /// Checks by one question that the host's tables have the columns, types and rights that a run
  /// needs. Returns `misconfigured` with what to do. A claim that finds something to take asks it
  /// once by itself; every call asks it again if the database refuses a statement as if tables,
  /// columns or rights were missing, and returns what it says.
  [[nodiscard]] virtual Result<void> check_host() = 0;

  /// Work in one transaction. It may be done several times; what it leaves behind must be that of
  /// the last time. What it throws besides the errors of statements passes through.
  using ClaimBody = std::function<void(ClaimStatements&)>;

  /// Does `body` under the claim lock, and commits. Claims of all runs take turns; `busy` means
  /// that the turn did not come in 5 s. Claims that other runs let lapse and that somebody ended
  /// are forgotten first. Returns the rows that it left as they were, since the database refuses to
  /// have them claimed or forgotten; later claims of the same store leave them out.
  [[nodiscard]] virtual Result<std::vector<RefusedJob>> claim(const ClaimBody& body) = 0;

  /// The same, rolled back.
  [[nodiscard]] virtual Result<void> preview_claim(const ClaimBody& body) = 0;

  /// Does `body`, which only reads, without the claim lock.
  [[nodiscard]] virtual Result<void> read_claims(const ClaimBody& body) = 0;

  /// Marks the jobs as started and reads what they refer to. The result has one element a request,
  /// in order; `token_lost` for a job whose token no longer holds.
  [[nodiscard]] virtual Result<Results<JobContext>> start(
      std::span<const StartRequest> requests) = 0;

  /// Renews the leases of jobs; true for those whose token still holds and whose row no other
  /// transaction has locked.
  [[nodiscard]] virtual Result<std::vector<bool>> renew(std::span<const HeldJob> jobs,
                                                        std::chrono::milliseconds lease) = 0;

  /// Makes replies durable, notes the transmissions that are about to begin, and writes what became
  /// of other jobs, all in one transaction.
  [[nodiscard]] virtual Result<Written> write(std::span<const RecordRequest> records,
                                              std::span<const Settlement> settlements) = 0;

  /// Does `body` in one transaction, and commits. It may be done several times.
  [[nodiscard]] virtual Result<void> update_breakers(
      const std::function<void(BreakerStatements&)>& body) = 0;

  /// Notes that peers have accepted something; changes nothing else of their breakers.
  [[nodiscard]] virtual Result<void> note_accepted(std::span<const AcceptedPeer> peers) = 0;

  /// Puts jobs that still stand as their rejection left them back to `pending`, with the attempts
  /// that they had before. Returns those that it has put back.
  [[nodiscard]] virtual Result<std::vector<JobId>> put_back(std::span<const WrongedJob> jobs,
                                                            const std::string& reason) = 0;

  /// Forgets breakers that nothing has happened to for a month; a few thousand at the most.
  [[nodiscard]] virtual Result<void> drop_stale_breakers() = 0;

  /// Forgets a breaker and all evidence about its peer. Returns whether there was one.
  [[nodiscard]] virtual Result<bool> forget_breaker(const std::string& name) = 0;

  /// Notes a finished run.
  [[nodiscard]] virtual Result<void> write_run(const RunRow& row) = 0;
};

/// Opens one more store on the run's database.
using StoreOpener = std::function<Result<std::unique_ptr<JobStore>>()>;

}  // namespace autoreply
