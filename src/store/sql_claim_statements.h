#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "store/careful_claims.h"
#include "store/claim_statements.h"
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

/// The statements of a claim or of a report on a breaker, in SQL.
class SqlClaimStatements : public ClaimStatements {
 public:
  SqlClaimStatements(SqlTransaction& transaction, const ClaimSql& sql, CarefulClaims& careful)
      : transaction_(transaction), sql_(sql), careful_(careful) {}

  /// `check` is called before anything is taken, and throws if nothing may be.
  void before_taking(std::function<void()> check) { before_taking_ = std::move(check); }

  [[nodiscard]] ClaimState state(int per_minute) override;
  [[nodiscard]] WorkspacePage next_workspaces(const std::optional<std::string>& after,
                                              const std::string& until,
                                              int limit) override;
  [[nodiscard]] std::vector<std::string> workspaces_of(const JobFilter& filter) override;
  [[nodiscard]] std::vector<WorkspaceTerms> terms(std::span<const std::string> workspaces,
                                                  const ClaimLimits& limits) override;
  [[nodiscard]] std::unordered_map<std::string, int> in_flight() override;
  [[nodiscard]] Candidates contacts(const Ask& ask,
                                    const std::string& from,
                                    const CandidateRules& rules) override;
  [[nodiscard]] std::vector<ClaimedJob> take(std::span<const std::string> ids,
                                             const ClaimTerm& term) override;
  void write_turn(const std::string& workspace_id) override;
  [[nodiscard]] std::vector<WaitingContact> waiting(const JobFilter& filter,
                                                    int count_max) override;

  [[nodiscard]] std::vector<NamedBreaker> read_breakers(
      std::span<const std::string> names) override;
  void make_breaker(const Peer& peer) override;
  [[nodiscard]] BreakerReading read_breaker(const std::string& name,
                                            const std::string& workspace_id) override;
  void write_breaker(const std::string& name, const Breaker& breaker) override;

 protected:
  [[nodiscard]] SqlTransaction& transaction() { return transaction_; }
  [[nodiscard]] const ClaimSql& sql() const { return sql_; }
  /// What tells candidates from other jobs.
  [[nodiscard]] std::string filter_of(const CandidateRules& rules) const;

 private:
  /// Returns what `parse_claimed` reads.
  [[nodiscard]] virtual std::string take_part(std::span<const std::string> ids,
                                              const ClaimTerm& term) = 0;

  SqlTransaction& transaction_;
  const ClaimSql& sql_;
  CarefulClaims& careful_;
  std::function<void()> before_taking_;
};

}  // namespace autoreply
