#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "store/claim_statements.h"

namespace autoreply::test {

/// A queue in memory for tests of claim decisions. Its statements work like those of a database,
/// but without locks, a real clock and errors. Tests set and read the public members.
class FakeQueue final : public ClaimStatements {
 public:
  struct Row {
    std::string id;
    std::string workspace_id;
    std::string contact_id;
    DatabaseTime due_since = 0;
    bool recorded = false;
    bool in_doubt = false;
    bool expired = false;
    int attempts = 0;
    bool claimed = false;
    ClaimToken token{};
    bool waits = false;  ///< not due yet
    bool over = false;

    [[nodiscard]] bool is_due() const { return !claimed && !waits && !over; }
  };

  /// Adds a due job. By default it has a contact that no other job has. Earlier jobs have been due
  /// longer.
  Row& add(const std::string& workspace_id, const std::string& contact_id = {});
  /// Adds `count` such jobs.
  void add_many(int count, const std::string& workspace_id, const std::string& contact_id = {});
  [[nodiscard]] Row& row(const std::string& id);
  /// Removes all claimed jobs.
  void finish_claimed();
  /// Opens the breaker. It lets nothing through, or one probe if `is_probe_due`.
  void open(const Peer& peer, bool is_probe_due = false);

  ClaimState state(int per_minute) override;
  WorkspacePage next_workspaces(const std::optional<std::string>& after,
                                const std::string& until,
                                int limit) override;
  std::vector<std::string> workspaces_of(const JobFilter& filter) override;
  std::vector<WorkspaceTerms> terms(std::span<const std::string> workspaces,
                                    const ClaimLimits& limits) override;
  std::unordered_map<std::string, int> in_flight() override;
  std::vector<Candidates> candidates(std::span<const Ask> asks,
                                     const CandidateRules& rules) override;
  Candidates contacts(const Ask& ask,
                      const std::string& from,
                      const CandidateRules& rules) override;
  std::vector<ClaimedJob> take(std::span<const std::string> ids, const ClaimTerm& term) override;
  void write_turn(const std::string& workspace_id) override { turn = workspace_id; }
  DueSample waiting(const JobFilter& filter, int count_max) override;
  Results<JobContext> start(std::span<const StartRequest> requests) override;
  std::vector<NamedBreaker> read_breakers(std::span<const std::string> names) override;
  LockedBreakers lock_breakers(const BreakersToLock& wanted) override;
  void write_breakers(std::span<const NamedBreaker> written) override;

  std::vector<Row> rows;
  std::string turn;
  DatabaseTime now = 1'000'000;
  std::map<std::string, WorkspaceConfig> configs;
  std::map<std::string, NamedBreaker> breakers;
  std::map<std::string, int> claimed_of_workspace;  ///< in the last minute
  std::map<std::string, int> claimed_of_contact;    ///< in the last minute
  std::map<std::string, std::vector<DaySpending>> spent;
  int claimed_of_all = 0;        ///< in the last minute
  int candidate_statements = 0;  ///< how many candidate statements ran
  /// May change the result of `take`.
  std::function<void(std::vector<ClaimedJob>&)> on_take = [](std::vector<ClaimedJob>&) {};

 private:
  [[nodiscard]] std::vector<const Row*> due_rows(const std::string& workspace_id) const;
  [[nodiscard]] bool may_be_candidate(const Row& row,
                                      const Ask& ask,
                                      const CandidateRules& rules) const;
  [[nodiscard]] std::set<std::string> contacts_in_flight() const;
  [[nodiscard]] Candidates found_in(const std::vector<const Row*>& window,
                                    const Ask& ask,
                                    const CandidateRules& rules) const;
};

}  // namespace autoreply::test
