#include "store/sql_claim_statements.h"

#include <algorithm>
#include <iterator>

#include "store/claim_json.h"

namespace autoreply {

ClaimState SqlClaimStatements::state(int per_minute) {
  return parse_claim_state(
      transaction_.query(sql_.state, {{"per_minute", std::to_string(per_minute)}}));
}

WorkspacePage SqlClaimStatements::next_workspaces(const std::optional<std::string>& after,
                                                  const std::string& until,
                                                  int limit) {
  return parse_workspace_page(transaction_.query(sql_.next_workspaces,
                                                 {{"from_start", after ? "0" : "1"},
                                                  {"after", after.value_or("")},
                                                  {"until", until},
                                                  {"limit_due", std::to_string(limit)}}));
}

std::vector<std::string> SqlClaimStatements::workspaces_of(const JobFilter& filter) {
  return parse_texts(transaction_.query(sql_.workspaces_of, {{"job_filter", filter_of({filter})}}));
}

std::vector<WorkspaceTerms> SqlClaimStatements::terms(std::span<const std::string> workspaces,
                                                      const ClaimLimits& limits) {
  return parse_terms(
      transaction_.query(sql_.terms,
                         {{"workspaces", texts_json(workspaces)},
                          {"contact_per_minute", std::to_string(limits.contact_per_minute)},
                          {"contact_per_hour", std::to_string(limits.contact_per_hour)},
                          {"workspace_per_minute", std::to_string(limits.workspace_per_minute)}}));
}

std::unordered_map<std::string, int> SqlClaimStatements::in_flight() {
  return parse_in_flight(transaction_.query(sql_.in_flight));
}

Candidates SqlClaimStatements::contacts(const Ask& ask,
                                        const std::string& from,
                                        const CandidateRules& rules) {
  return parse_contacts(transaction_.query(sql_.contacts,
                                           {{"ask", ask_json(ask, 0)},
                                            {"from", from},
                                            {"coalesce", rules.coalesce ? "1" : "0"},
                                            {"job_filter", filter_of(rules)}}));
}

std::vector<ClaimedJob> SqlClaimStatements::take(std::span<const std::string> ids,
                                                 const ClaimTerm& term) {
  if (before_taking_) before_taking_();
  std::vector<ClaimedJob> jobs;
  careful_.change(transaction_, ids, [&](std::span<const std::string> part) {
    std::ranges::move(parse_claimed(take_part(part, term), term), std::back_inserter(jobs));
  });
  careful_.note_taken(jobs.size());
  return jobs;
}

void SqlClaimStatements::write_turn(const std::string& workspace_id) {
  transaction_.execute(sql_.write_turn, {{"workspace_id", workspace_id}});
}

std::vector<WaitingContact> SqlClaimStatements::waiting(const JobFilter& filter, int count_max) {
  return parse_waiting(transaction_.query(
      sql_.waiting,
      {{"job_filter", filter_of({filter})}, {"count_max", std::to_string(count_max)}}));
}

std::vector<NamedBreaker> SqlClaimStatements::read_breakers(std::span<const std::string> names) {
  return parse_breakers(transaction_.query(sql_.read_breakers, {{"names", texts_json(names)}}));
}

void SqlClaimStatements::make_breaker(const Peer& peer) {
  transaction_.execute(sql_.make_breaker, {{"name", peer.name}, {"label", peer.label}});
}

BreakerReading SqlClaimStatements::read_breaker(const std::string& name,
                                                const std::string& workspace_id) {
  return parse_breaker(
      transaction_.query(sql_.read_breaker, {{"name", name}, {"workspace_id", workspace_id}}));
}

void SqlClaimStatements::write_breaker(const std::string& name, const Breaker& breaker) {
  transaction_.execute(sql_.write_breaker, {{"name", name}, {"breaker", breaker_json(breaker)}});
}

std::string SqlClaimStatements::filter_of(const CandidateRules& rules) const {
  return filter_json(rules, careful_.left_out());
}

}  // namespace autoreply
