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

namespace autoreply {

/// Which jobs a claim may take; an empty list restricts nothing.
struct JobFilter {
  std::vector<std::string> workspace_ids;
  std::vector<std::string> contact_ids;
  std::vector<std::string> job_ids;
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

/// A breaker as it stands in the database, closed if there is none, and what a report must know.
struct BreakerReading {
  Breaker breaker;
  DatabaseTime now = 0;
  bool lone_workspace = false;  ///< no other workspace is configured
  bool others_due = false;      ///< another workspace has due jobs
};

struct NamedBreaker {
  Peer peer;
  Breaker breaker;
};

/// What a claim must know before it looks at any workspace.
struct ClaimState {
  DatabaseTime now = 0;
  std::string turn;                 ///< the workspace that the last claim stopped at
  int claimed = 0;                  ///< jobs in the last minute, counted to the limit
  std::vector<std::string> lapsed;  ///< workspaces with leases that ran out
};

/// Workspaces with due jobs, in the order of their ids.
struct WorkspacePage {
  std::vector<std::string> workspaces;
  std::optional<std::string> last;  ///< of those seen
};

/// On which terms a workspace's jobs may be claimed; no limit where it is empty.
struct WorkspaceTerms {
  std::string workspace_id;
  /// Only what tells which peers are called; empty: the workspace has no row.
  std::optional<WorkspaceConfig> config;
  std::optional<int> contact_per_minute;
  std::optional<int> contact_per_hour;
  std::optional<int> workspace_per_minute;
  int claimed = 0;  ///< jobs in the last minute, counted to the limit
};

/// What is asked of one workspace.
struct Ask {
  /// Which jobs: all, those with or without a recorded reply, those past their age, those whose
  /// transmission is in doubt.
  enum class Replies { any, recorded, none, expired, in_doubt };

  std::string workspace_id;
  int jobs = 1;   ///< at most
  int rows = 16;  ///< out of so many of its longest due
  Replies replies = Replies::any;
  bool at_random = false;  ///< any of those rows instead of the longest due
  std::optional<int> contact_per_minute;
  std::optional<int> contact_per_hour;
  std::chrono::milliseconds max_age{0};  ///< of `expired`
};

/// Which jobs are candidates, besides what is asked of each workspace.
struct CandidateRules {
  JobFilter filter;
  bool not_in_doubt = false;  ///< none whose reply the customer may have already
  bool coalesce = false;      ///< of each contact the newest due job instead of the longest due
};

/// A job that may be claimed.
struct Candidate {
  std::string id;
  std::string contact_id;  ///< empty: of no contact
  bool recorded = false;   ///< it has a reply, so no provider is asked
};

/// What one ask found.
struct Candidates {
  std::size_t place = 0;  ///< index of the ask
  int considered = 0;     ///< rows, or contacts
  std::vector<Candidate> jobs;
};

/// How picked jobs are claimed.
struct ClaimTerm {
  ClaimToken token;
  std::chrono::milliseconds lease{};
  int max_attempts = 0;  ///< a job that has used them is claimed only to be ended
};

/// The due jobs of one contact.
struct WaitingContact {
  std::string workspace_id;
  int due = 0;
  int recorded = 0;   ///< of those, with a reply
  int in_minute = 0;  ///< jobs claimed
  int in_hour = 0;    ///< jobs claimed
};

/// A job that an attempt starts.
struct StartRequest {
  HeldJob held;
  std::chrono::milliseconds lease{};  ///< renewed from now on
  bool in_doubt = false;              ///< whether the host's record is to be asked
};

/// The statements about breakers, inside a transaction that a store has opened. They throw what the
/// store turns into an `Error`.
class BreakerStatements {
 public:
  BreakerStatements() = default;
  virtual ~BreakerStatements() = default;
  BreakerStatements(const BreakerStatements&) = delete;
  BreakerStatements& operator=(const BreakerStatements&) = delete;

  /// Those of the breakers that exist.
  [[nodiscard]] virtual std::vector<NamedBreaker> read_breakers(
      std::span<const std::string> names) = 0;
  /// Makes the breaker if there is none, and keeps other transactions from it.
  virtual void make_breaker(const Peer& peer) = 0;
  /// `workspace_id`: that of a report, if there is one.
  [[nodiscard]] virtual BreakerReading read_breaker(const std::string& name,
                                                    const std::string& workspace_id) = 0;
  virtual void write_breaker(const std::string& name, const Breaker& breaker) = 0;
};

/// The statements of a claim, inside a transaction that a store has opened. Jobs that the database
/// refuses to have claimed are no candidates.
class ClaimStatements : public BreakerStatements {
 public:
  [[nodiscard]] virtual ClaimState state(int per_minute) = 0;
  /// The next workspaces with due jobs. `after` is empty from the beginning, `until` to the end.
  [[nodiscard]] virtual WorkspacePage next_workspaces(const std::optional<std::string>& after,
                                                      const std::string& until,
                                                      int limit) = 0;
  /// The workspaces of the due jobs that match.
  [[nodiscard]] virtual std::vector<std::string> workspaces_of(const JobFilter& filter) = 0;
  /// In the order of `workspaces`.
  [[nodiscard]] virtual std::vector<WorkspaceTerms> terms(std::span<const std::string> workspaces,
                                                          const ClaimLimits& limits) = 0;
  /// Claimed jobs by workspace.
  [[nodiscard]] virtual std::unordered_map<std::string, int> in_flight() = 0;
  /// One element an ask, in any order.
  [[nodiscard]] virtual std::vector<Candidates> candidates(std::span<const Ask> asks,
                                                           const CandidateRules& rules) = 0;
  /// The same for one ask by a walk from contact to contact, on from the contact `from`: `rows` is
  /// the number of contacts.
  [[nodiscard]] virtual Candidates contacts(const Ask& ask,
                                            const std::string& from,
                                            const CandidateRules& rules) = 0;
  /// Claims those of the jobs that still may be.
  [[nodiscard]] virtual std::vector<ClaimedJob> take(std::span<const std::string> ids,
                                                     const ClaimTerm& term) = 0;
  virtual void write_turn(const std::string& workspace_id) = 0;
  /// The contacts with due jobs that match; jobs are counted to `count_max`.
  [[nodiscard]] virtual std::vector<WaitingContact> waiting(const JobFilter& filter,
                                                            int count_max) = 0;
  /// As `JobStore::start`, in the same transaction.
  [[nodiscard]] virtual Results<JobContext> start(std::span<const StartRequest> requests) = 0;
};

}  // namespace autoreply
