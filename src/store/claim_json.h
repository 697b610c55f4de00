#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/job_store.h"
#include "store/workspace_turns.h"

namespace autoreply {

// What the statements of a claim take and return, as JSON.

[[nodiscard]] std::string filter_json(const JobFilter& filter);
/// The same, without jobs whose reply the customer may have already.
[[nodiscard]] std::string not_in_doubt_json(const JobFilter& filter);
[[nodiscard]] std::string texts_json(std::span<const std::string> texts);
[[nodiscard]] std::vector<std::string> parse_texts(std::string_view json);

/// A breaker as it stands in the database, closed if there is none, and what a report must know.
struct BreakerReading {
  Breaker breaker;
  DatabaseTime now = 0;
  bool lone_workspace = false;  ///< no other workspace is configured
  bool others_due = false;      ///< another workspace has due jobs
};

[[nodiscard]] BreakerReading parse_breaker(std::string_view json);
[[nodiscard]] std::vector<NamedBreaker> parse_breakers(std::string_view json);
[[nodiscard]] std::string breaker_json(const Breaker& breaker);
[[nodiscard]] std::string accepted_json(std::span<const AcceptedPeer> peers);
[[nodiscard]] std::vector<JobId> job_ids(std::vector<std::string> texts);
[[nodiscard]] std::string wronged_json(std::span<const WrongedJob> jobs);

struct ClaimState {
  DatabaseTime now = 0;
  std::string turn;                 ///< the workspace that the last claim stopped at
  int claimed = 0;                  ///< jobs in the last minute, counted to the limit
  std::vector<std::string> lapsed;  ///< workspaces with leases that ran out
};
[[nodiscard]] ClaimState parse_claim_state(std::string_view json);

struct WorkspacePage {
  std::vector<std::string> workspaces;
  std::optional<std::string> last;  ///< of those seen
};
[[nodiscard]] WorkspacePage parse_workspace_page(std::string_view json);

/// On which terms a workspace's jobs may be claimed; no limit where it is empty.
struct WorkspaceTerms {
  std::string workspace_id;
  /// Only what tells which peers are called; empty: the workspace has no row.
  std::optional<WorkspaceConfig> config;
  std::optional<int> contact_per_minute;
  std::optional<int> contact_per_hour;
  std::optional<int> workspace_per_minute;
  int claimed = 0;  ///< jobs in the last minute, counted to the limit

  /// How many more may be claimed now.
  [[nodiscard]] int room() const;
};
[[nodiscard]] std::vector<WorkspaceTerms> parse_terms(std::string_view json);

/// Jobs by workspace.
[[nodiscard]] std::unordered_map<std::string, int> parse_in_flight(std::string_view json);

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

/// One element of what candidates.sql takes; `place` comes back with the answer.
[[nodiscard]] std::string ask_json(const Ask& ask, std::size_t place);

struct Candidates {
  std::size_t place = 0;
  int considered = 0;  ///< rows, or contacts
  std::vector<Candidate> jobs;
};
[[nodiscard]] std::vector<Candidates> parse_candidates(std::string_view json);
[[nodiscard]] Candidates parse_contacts(std::string_view json);

[[nodiscard]] std::vector<ClaimedJob> parse_claimed(std::string_view json,
                                                    const ClaimRequest& request);

/// The due jobs of one contact.
struct WaitingContact {
  std::string workspace_id;
  int due = 0;
  int recorded = 0;   ///< of those, with a reply
  int in_minute = 0;  ///< jobs claimed
  int in_hour = 0;    ///< jobs claimed
};
[[nodiscard]] std::vector<WaitingContact> parse_waiting(std::string_view json);

}  // namespace autoreply
