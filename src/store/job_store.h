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

/// Finds the provider key that a workspace's jobs are answered with. Names the same breaker
/// wherever it is called.
using ProviderKeyOf = std::function<ProviderKey(const WorkspaceConfig&)>;

struct ClaimRequest {
  ClaimToken token;
  int limit = 100;  ///< 1 to 1,000
  std::chrono::milliseconds lease{120'000};
  /// How long nobody else probes a breaker while a probe is under way; longer than one can take.
  std::chrono::milliseconds probe_lease{120'000};
  int max_attempts = 3;
  JobFilter filter;
  /// The callback's breaker, which decides whether anything may be claimed; empty: none.
  std::string breaker{};
  ProviderKeyOf provider_key_of{};  ///< null: providers have no breakers
  ClaimLimits limits{};
  bool coalesce = false;  ///< of each contact the newest due job instead of the longest due
};

struct NamedBreaker {
  std::string name;
  std::string label;  ///< what it guards, for people
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
  /// As the claim left them: the callback's, and of all others those that are not clean.
  std::vector<NamedBreaker> breakers;
  DatabaseTime at = 0;  ///< when it looked at them
  /// What it left as it was, since the database refuses to have it claimed, or to have a claim of
  /// it ended that somebody else finished. The same store's later claims leave them out.
  std::vector<RefusedJob> refused{};
};

/// What waits, each counted to at most 1,000.
struct Waiting {
  int due = 0;
  int throttled = 0;  ///< of those: unclaimed for a limit
  int held_back = 0;  ///< of those: unclaimed for a breaker
};

/// A report, and the breaker that it is counted into.
struct BreakerReport {
  std::string breaker;
  std::string label;  ///< what it guards, for people
  CallReport report;
  BreakerRules rules = kCallbackRules;
};

/// The part of a claimed job that fences a write.
struct HeldJob {
  JobId id;
  ClaimToken token;
};

struct StartRequest {
  HeldJob held;
  std::chrono::milliseconds lease{120'000};  ///< renewed from now on
  bool in_doubt = false;                     ///< whether the host's record is to be asked
};

struct RecordRequest {
  HeldJob held;
  Job job;
  std::chrono::milliseconds lease{120'000};  ///< renewed from now on
  std::string log_id{};
  int sends = 1;  ///< the row's `sends` afterwards
  /// False where the reply is only to be kept, since nothing may be sent now.
  bool transmits = true;
  /// Empty where an earlier attempt recorded the reply and only this transmission is noted.
  std::optional<Reply> reply = std::nullopt;
};

/// A job whose transmission may begin, as far as the database knows.
struct Recorded {
  std::string text;  ///< as it stands in the log: what is sent
  SendConditions conditions{};
  DatabaseTime at = 0;  ///< when it was recorded
};

/// What `JobStore::write` did, one element a request, in order.
struct Written {
  std::vector<std::optional<Recorded>> recorded;  ///< empty where the token no longer holds
  std::vector<bool> settled;                      ///< false where the token no longer holds
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
/// configured wait, and the operation repeated; where only the answer to its commit was lost, the
/// database is asked what became of it, so that what a call returns is what was written. Errors:
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
  /// in order, empty where the token no longer holds.
  [[nodiscard]] virtual Result<std::vector<std::optional<JobContext>>> start(
      std::span<const StartRequest> requests) = 0;

  /// Renews the leases of jobs; true where the token still holds and no one else has the row
  /// locked.
  [[nodiscard]] virtual Result<std::vector<bool>> renew(std::span<const HeldJob> jobs,
                                                        std::chrono::milliseconds lease) = 0;

  /// Makes replies durable, notes the transmissions that are about to begin, and writes what became
  /// of other jobs, all in one transaction.
  [[nodiscard]] virtual Result<Written> write(std::span<const RecordRequest> records,
                                              std::span<const Settlement> settlements) = 0;

  /// Counts reports into their breakers, and returns what each breaker is after its report.
  [[nodiscard]] virtual Result<std::vector<Breaker>> report(
      std::span<const BreakerReport> reports) = 0;

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
