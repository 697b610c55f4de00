#pragma once

#include <optional>
#include <span>
#include <string>

#include "store/claim_json.h"
#include "store/job_store.h"
#include "store/sql_transaction.h"

namespace autoreply {

/// The texts of the statements about claims and breakers that every kind of database has.
struct ClaimSql {
  std::string state;
  std::string next_workspaces;
  std::string workspaces_of;
  std::string terms;
  std::string in_flight;
  std::string candidates;
  std::string contacts;
  std::string write_turn;
  std::string waiting;
  std::string make_breaker;
  std::string read_breaker;
  std::string read_breakers;
  std::string write_breaker;
};

/// Which jobs are candidates, beside what is asked of each workspace.
struct CandidateRules {
  std::string filter;  ///< JSON
  bool coalesce = false;
};

/// The statements of a claim or of a report on a breaker, inside a transaction that a store has
/// opened. For a claim it holds the claim lock.
class ClaimStatements {
 public:
  ClaimStatements(SqlTransaction& transaction, const ClaimSql& sql)
      : transaction_(transaction), sql_(sql) {}
  virtual ~ClaimStatements() = default;
  ClaimStatements(const ClaimStatements&) = delete;
  ClaimStatements& operator=(const ClaimStatements&) = delete;

  [[nodiscard]] ClaimState state(int per_minute);
  /// `after` is empty from the beginning, `until` to the end.
  [[nodiscard]] WorkspacePage next_workspaces(const std::optional<std::string>& after,
                                              const std::string& until,
                                              int limit);
  [[nodiscard]] std::vector<std::string> workspaces_of(const std::string& filter);
  [[nodiscard]] std::vector<WorkspaceTerms> terms(std::span<const std::string> workspaces,
                                                  const ClaimLimits& limits);
  [[nodiscard]] std::unordered_map<std::string, int> in_flight();
  /// One element an ask, in any order; its place is the index of the ask.
  [[nodiscard]] virtual std::vector<Candidates> candidates(std::span<const Ask> asks,
                                                           const CandidateRules& rules) = 0;
  [[nodiscard]] Candidates contacts(const Ask& ask,
                                    const std::string& from,
                                    const CandidateRules& rules);
  /// Claims those of the jobs that still may be.
  [[nodiscard]] virtual std::vector<ClaimedJob> take(std::span<const std::string> ids,
                                                     const ClaimRequest& request) = 0;
  void write_turn(const std::string& workspace_id);
  [[nodiscard]] std::vector<WaitingContact> waiting(const std::string& filter, int count_max);

  /// Those of the breakers that exist.
  [[nodiscard]] std::vector<NamedBreaker> read_breakers(std::span<const std::string> names);
  /// Makes the breaker if there is none, and keeps other transactions from it.
  void make_breaker(const Peer& peer);
  /// `workspace_id`: that of a report, if there is one.
  [[nodiscard]] BreakerReading read_breaker(const std::string& name,
                                            const std::string& workspace_id);
  void write_breaker(const std::string& name, const Breaker& breaker);

 protected:
  [[nodiscard]] SqlTransaction& transaction() { return transaction_; }
  [[nodiscard]] const ClaimSql& sql() const { return sql_; }

 private:
  SqlTransaction& transaction_;
  const ClaimSql& sql_;
};

}  // namespace autoreply
