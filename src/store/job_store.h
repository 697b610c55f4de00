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

namespace autoreply {

/// Which jobs a claim may take; an empty list restricts nothing.
struct JobFilter {
  std::vector<std::string> workspace_ids;
  std::vector<std::string> contact_ids;
  std::vector<std::string> job_ids;
  std::vector<std::string> not_job_ids{};     ///< these are left out
  std::optional<std::string> created_since;   ///< ISO 8601, inclusive
  std::optional<std::string> created_before;  ///< ISO 8601, exclusive
};

/// How many jobs may be claimed, by all runs together; 0: any number. A workspace's row may lower
/// the first three for itself.
struct ClaimLimits {
  int contact_per_minute = 0;    ///< of one contact in any 60 s
  int contact_per_hour = 0;      ///< of one contact in any 60 min
  int workspace_per_minute = 0;  ///< of one workspace in any 60 s
  int per_minute = 0;            ///< of all in any 60 s
};

/// Finds the peers that a workspace's jobs need for a reply. Empty configuration: the workspace has
/// no row. Names the same breakers each time.
using RouteOf =
    std::function<Route(const std::string& workspace_id, const std::optional<WorkspaceConfig>&)>;

struct ClaimRequest {
  ClaimToken token;
  int limit = 0;  ///< 1 to 1,000
  std::chrono::milliseconds lease{};
  /// How long a probe reserves its breaker; longer than one can take.
  std::chrono::milliseconds probe_lease{};
  int max_attempts = 0;  ///< from 1
  JobFilter filter;
  Peer callback{};     ///< without a name: it has no breaker
  RouteOf route_of{};  ///< null: providers and settings have no breakers
  /// Jobs created longer ago are claimed to be ended even if nothing else may be; 0: none is.
  std::chrono::milliseconds max_age{0};
  ClaimLimits limits{};
  bool coalesce = false;  ///< of each contact the newest due job instead of the longest due
};

struct NamedBreaker {
  Peer peer;
  Breaker breaker;
};

/// A row that the database does not let us change.
struct RefusedJob {
  JobId id;
  std::string reason;
};

/// What a claim took.
struct Claim {
  std::vector<ClaimedJob> jobs;
  /// Those of all peers that the claim's workspaces need, as the claim left them.
  std::vector<NamedBreaker> breakers;
  /// Names of those that stand for a key which the operator lacks, and on which most of the
  /// workspaces with due jobs rely.
  std::vector<std::string> missed_operator_keys;
  DatabaseTime at = 0;  ///< when it looked at them
  /// What it left as it was, since the database refuses to have it claimed, or to have a claim of
  /// it ended that somebody else finished. The same store's later claims leave them out.
  std::vector<RefusedJob> refused{};
};

/// Due jobs that one breaker keeps from being claimed.
struct HeldBack {
  NamedBreaker by;
  Scope scope = Scope::job;  ///< whose fault; `job`: an outage or a throttle, which ends by itself
  int jobs = 0;
};

/// What waits, each counted to at most 1,000.
struct Waiting {
  int due = 0;
  int throttled = 0;  ///< of those: unclaimed for a limit
  int held_back = 0;  ///< of those: unclaimed for a breaker
  std::vector<HeldBack> breakers{};
};

/// A report, and the peer whose breaker it is counted into.
struct BreakerReport {
  Peer peer;
  CallReport report;
  BreakerRules rules = kCallbackRules;
  /// The part of the peer that concerns the report's workspace alone; without a name: there is
  /// none.
  Peer narrow{};
  /// Failures of one workspace alone open the narrow breaker if others have due jobs.
  bool narrows_failures = false;
  bool narrow_probe = false;  ///< the job was let through to try under the narrow breaker
};

/// What a report has come to.
struct Reported {
  Breaker breaker;
  std::optional<Breaker> narrow{};  ///< if the report opened it, or kept it open
  /// Of a rejection: whose fault it is by all that the database knows; `the_operator` stands for
  /// the owner of what the peer was called with.
  Scope scope = Scope::job;
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

/// The part of a claimed job that fences a write.
struct HeldJob {
  JobId id;
  ClaimToken token;
};

struct StartRequest {
  HeldJob held;
  std::chrono::milliseconds lease{};  ///< renewed from now on
  bool in_doubt = false;              ///< whether the host's record is to be asked
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

  /// Takes at most `request.limit` due jobs in one transaction. Claims of all runs take turns;
  /// `busy` means that the turn did not come in 5 s. Workspaces take turns, going on where the last
  /// claim of any run stopped; within one the longest due goes first; no two jobs of a contact are
  /// in flight. What the limits or a breaker keep from being claimed is left as it is. Under the
  /// callback's open breaker nothing is taken, or, when a probe is due, one job picked at random:
  /// rather one whose reply was never sent. Under a provider's, the same holds for jobs without a
  /// recorded reply.
  [[nodiscard]] virtual Result<Claim> claim(const ClaimRequest& request) = 0;

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

  /// Counts reports into their breakers, and returns what each has come to.
  [[nodiscard]] virtual Result<std::vector<Reported>> report(
      std::span<const BreakerReport> reports) = 0;

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

  /// Counts the due jobs that match the request, and what keeps a claim from them.
  [[nodiscard]] virtual Result<Waiting> count_waiting(const ClaimRequest& request) = 0;

  /// Notes a finished run.
  [[nodiscard]] virtual Result<void> write_run(const RunRow& row) = 0;

  /// A job as a claim and a start at this moment would see it.
  struct Preview {
    ClaimedJob claimed;
    JobContext context;
  };

  /// Does what `claim` and `start` would do in a transaction that is rolled back.
  [[nodiscard]] virtual Result<std::vector<Preview>> preview(const ClaimRequest& request) = 0;
};

/// Opens one more store on the run's database.
using StoreOpener = std::function<Result<std::unique_ptr<JobStore>>()>;

}  // namespace autoreply
