#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "job/breaker.h"
#include "job/conversation.h"
#include "job/job.h"
#include "job/peer.h"
#include "store/job_filter.h"

namespace autoreply {

/// The breakers that an update may change.
struct BreakersToLock {
  std::vector<Peer> peers;              ///< each once, in the order in which they are locked
  std::vector<std::string> workspaces;  ///< those of the reports; "" for a report without one
};

/// What a report needs to know of other workspaces than its own.
struct OtherWorkspaces {
  bool none = false;  ///< no other workspace is configured
  bool due = false;   ///< one has due jobs
};

/// Breakers that no other transaction can change, and what reports on them need to know.
struct LockedBreakers {
  DatabaseTime now = 0;
  std::unordered_map<std::string, Breaker> breakers;            ///< by name
  std::unordered_map<std::string, OtherWorkspaces> workspaces;  ///< by the report's workspace
};

struct NamedBreaker {
  Peer peer;
  Breaker breaker;
};

/// What a claim needs to know before it looks at any workspace.
struct ClaimState {
  DatabaseTime now = 0;
  std::string turn;                 ///< the workspace at which the last claim stopped
  int claimed = 0;                  ///< jobs in the last minute, counted up to the limit
  std::vector<std::string> lapsed;  ///< workspaces with expired leases
};

/// Workspaces with due jobs, in order of their ids.
struct WorkspacePage {
  std::vector<std::string> workspaces;
  std::optional<std::string> last;  ///< the last one seen, even if nothing is due
};

/// The terms on which a workspace's jobs may be claimed; an empty limit is no limit.
struct WorkspaceTerms {
  std::string workspace_id;
  /// Only the parts that tell which peers are called; empty: the workspace has no row.
  std::optional<WorkspaceConfig> config;
  std::optional<int> contact_per_minute;
  std::optional<int> contact_per_hour;
  std::optional<int> workspace_per_minute;
  int claimed = 0;                   ///< jobs in the last minute, counted up to the limit
  std::vector<DaySpending> spent{};  ///< on the days around now
};

/// A question about the candidates of one workspace.
struct Ask {
  /// Which jobs: all, those with or without a recorded reply, those past `max_age`, or those whose
  /// transmission is in doubt.
  enum class Replies { any, recorded, none, expired, in_doubt };

  std::string workspace_id;
  int jobs = 1;   ///< at most
  int rows = 16;  ///< chosen from this many of its longest due rows
  Replies replies = Replies::any;
  bool at_random = false;  ///< picked from those rows at random, not longest due first
  std::optional<int> contact_per_minute;
  std::optional<int> contact_per_hour;
  std::chrono::milliseconds max_age{0};  ///< for `expired`
};

/// Which jobs are candidates, whatever the ask.
struct CandidateRules {
  JobFilter filter;
  bool not_in_doubt = false;  ///< leave out jobs whose reply the customer may already have
  bool coalesce = false;      ///< take each contact's newest due job, not its longest due
};

/// A job that may be claimed.
struct Candidate {
  std::string id;
  std::string contact_id;  ///< empty: the job has none
  bool recorded = false;   ///< the job has a reply, so no provider is called
};

/// What one ask found.
struct Candidates {
  std::size_t place = 0;  ///< index of the ask
  int considered = 0;     ///< how many rows or contacts it looked at
  std::vector<Candidate> jobs;
};

/// The terms on which picked jobs are claimed.
struct ClaimTerm {
  ClaimToken token;
  std::chrono::milliseconds lease{};
  int max_attempts = 0;  ///< a job that has used them up is claimed only to be ended
};

/// The due jobs of one contact.
struct WaitingContact {
  std::string workspace_id;
  std::string contact_id;
  int due = 0;
  int recorded = 0;   ///< how many of them have a reply
  int in_minute = 0;  ///< jobs claimed in the last minute
  int in_hour = 0;    ///< jobs claimed in the last hour
};

/// Some of the contacts with due jobs.
struct DueSample {
  std::vector<WaitingContact> contacts;
  std::chrono::milliseconds oldest_due{0};  ///< how long the oldest due job of all has been due
};

/// A job that an attempt starts.
struct StartRequest {
  HeldJob held;
  std::chrono::milliseconds lease{};         ///< runs from now
  bool in_doubt = false;                     ///< whether to ask the host's record
  std::optional<DatabaseTime> created_at{};  ///< of the job
};

/// A row that the database refuses to change.
struct RefusedJob {
  JobId id;
  std::string reason;
};

/// The statements of a claim, inside a transaction that a store has opened. Jobs that the database
/// refused to have claimed are not candidates. The store turns what they throw into an `Error`.
class ClaimStatements {
 public:
  ClaimStatements() = default;
  virtual ~ClaimStatements() = default;
  ClaimStatements(const ClaimStatements&) = delete;
  ClaimStatements& operator=(const ClaimStatements&) = delete;

  [[nodiscard]] virtual ClaimState state(int per_minute) = 0;
  /// The next workspaces with due jobs. An empty `after` starts at the beginning, an empty `until`
  /// goes to the end.
  [[nodiscard]] virtual WorkspacePage next_workspaces(const std::optional<std::string>& after,
                                                      const std::string& until,
                                                      int limit) = 0;
  /// The workspaces with due jobs that match.
  [[nodiscard]] virtual std::vector<std::string> workspaces_of(const JobFilter& filter) = 0;
  /// In the order of `workspaces`.
  [[nodiscard]] virtual std::vector<WorkspaceTerms> terms(std::span<const std::string> workspaces,
                                                          const ClaimLimits& limits) = 0;
  /// The number of claimed jobs by workspace.
  [[nodiscard]] virtual std::unordered_map<std::string, int> in_flight() = 0;
  /// Returns one element for each ask, in any order.
  [[nodiscard]] virtual std::vector<Candidates> candidates(std::span<const Ask> asks,
                                                           const CandidateRules& rules) = 0;
  /// The same for one ask, by a walk from contact to contact that begins with the contact `from`.
  /// `rows` is then the number of contacts.
  [[nodiscard]] virtual Candidates contacts(const Ask& ask,
                                            const std::string& from,
                                            const CandidateRules& rules) = 0;
  /// Claims those jobs that may still be claimed.
  [[nodiscard]] virtual std::vector<ClaimedJob> take(std::span<const std::string> ids,
                                                     const ClaimTerm& term) = 0;
  virtual void write_turn(const std::string& workspace_id) = 0;
  /// Reads the named breakers that exist.
  [[nodiscard]] virtual std::vector<NamedBreaker> read_breakers(
      std::span<const std::string> names) = 0;
  /// Creates the breakers that do not exist, and locks all of them against other transactions.
  [[nodiscard]] virtual LockedBreakers lock_breakers(const BreakersToLock& wanted) = 0;
  virtual void write_breakers(std::span<const NamedBreaker> breakers) = 0;
  /// The contacts of up to 1,000 due jobs that match. Claimed jobs are counted up to `count_max`.
  [[nodiscard]] virtual DueSample waiting(const JobFilter& filter, int count_max) = 0;
  /// As `JobStore::start`, in the same transaction.
  [[nodiscard]] virtual Results<JobContext> start(std::span<const StartRequest> requests) = 0;
};

}  // namespace autoreply
