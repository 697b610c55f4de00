#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "statements.h"
#include "store/careful_claims.h"
#include "store/claim_statements.h"
#include "store/sql_transaction.h"

namespace autoreply {

/// The statements of a claim or of a report on a breaker, in SQL.
class SqlClaimStatements final : public ClaimStatements {
 public:
  using Starter = std::function<Results<JobContext>(std::span<const StartRequest>)>;

  struct Parts {
    SqlTransaction& transaction;
    const Statements& sql;
    CarefulClaims& careful;
    std::size_t asks_max;  ///< as in `SqlDatabase`
    /// Called before any job is taken. Throws if none may be.
    std::function<void()> before_taking;
    Starter start;
  };

  explicit SqlClaimStatements(Parts parts) : parts_(std::move(parts)) {}

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
  void write_turn(const std::string& workspace_id) override;
  DueSample waiting(const JobFilter& filter, int count_max) override;
  Results<JobContext> start(std::span<const StartRequest> requests) override;

  std::vector<NamedBreaker> read_breakers(std::span<const std::string> names) override;
  LockedBreakers lock_breakers(const BreakersToLock& wanted) override;
  void write_breakers(std::span<const NamedBreaker> breakers) override;

 private:
  std::string run(const SqlStatement& statement,
                  std::initializer_list<SqlParameter> parameters = {}) {
    return parts_.transaction.run(statement, parameters);
  }
  [[nodiscard]] const Statements& sql() const { return parts_.sql; }
  /// The filter that tells candidates from other jobs, as JSON.
  [[nodiscard]] std::string filter_of(const CandidateRules& rules) const;

  const Parts parts_;
};

}  // namespace autoreply
