#include "store/sql_claim_statements.h"

#include <algorithm>
#include <iterator>

#include "store/breaker_json.h"
#include "store/claim_json.h"

namespace autoreply {

ClaimState SqlClaimStatements::state(int per_minute) {
  return parse_claim_state(run(sql().claim_state, {{"per_minute", std::to_string(per_minute)}}));
}

WorkspacePage SqlClaimStatements::next_workspaces(const std::optional<std::string>& after,
                                                  const std::string& until,
                                                  int limit) {
  return parse_workspace_page(run(sql().claim_next_workspaces,
                                  {{"from_start", after ? "0" : "1"},
                                   {"after", after.value_or("")},
                                   {"until", until},
                                   {"limit_due", std::to_string(limit)}}));
}

std::vector<std::string> SqlClaimStatements::workspaces_of(const JobFilter& filter) {
  return parse_texts(run(sql().claim_workspaces_of, {{"job_filter", filter_of({filter})}}));
}

std::vector<WorkspaceTerms> SqlClaimStatements::terms(std::span<const std::string> workspaces,
                                                      const ClaimLimits& limits) {
  return parse_terms(run(sql().claim_terms,
                         {{"workspaces", texts_json(workspaces)},
                          {"contact_per_minute", std::to_string(limits.contact_per_minute)},
                          {"contact_per_hour", std::to_string(limits.contact_per_hour)},
                          {"workspace_per_minute", std::to_string(limits.workspace_per_minute)}}));
}

std::unordered_map<std::string, int> SqlClaimStatements::in_flight() {
  return parse_in_flight(run(sql().claim_in_flight));
}

std::vector<Candidates> SqlClaimStatements::candidates(std::span<const Ask> asks,
                                                       const CandidateRules& rules) {
  const std::string filter = filter_of(rules);
  std::vector<Candidates> all;
  for (std::size_t first = 0; first < asks.size(); first += parts_.asks_max) {
    const auto batch = asks.subspan(first, std::min(parts_.asks_max, asks.size() - first));
    std::ranges::move(parse_candidates(run(sql().claim_candidates,
                                           {{"asks", asks_json(batch, first)},
                                            {"coalesce", rules.coalesce ? "1" : "0"},
                                            {"job_filter", filter}})),
                      std::back_inserter(all));
  }
  return all;
}

Candidates SqlClaimStatements::contacts(const Ask& ask,
                                        const std::string& from,
                                        const CandidateRules& rules) {
  return parse_contacts(run(sql().claim_contacts,
                            {{"asks", asks_json({&ask, 1}, 0)},
                             {"from", from},
                             {"coalesce", rules.coalesce ? "1" : "0"},
                             {"job_filter", filter_of(rules)}}));
}

std::vector<ClaimedJob> SqlClaimStatements::take(std::span<const std::string> ids,
                                                 const ClaimTerm& term) {
  parts_.before_taking();
  std::vector<ClaimedJob> jobs;
  parts_.careful.change(parts_.transaction, ids, [&](std::span<const std::string> part) {
    std::ranges::move(parse_claimed(run(sql().claim_take,
                                        {{"picked", texts_json(part)},
                                         {"max_attempts", std::to_string(term.max_attempts)},
                                         {"claim_token", term.token.value},
                                         {"lease_ms", std::to_string(term.lease.count())}}),
                                    term),
                      std::back_inserter(jobs));
  });
  parts_.careful.note_taken(jobs.size());
  return jobs;
}

void SqlClaimStatements::write_turn(const std::string& workspace_id) {
  run(sql().claim_write_turn, {{"workspace_id", workspace_id}});
}

DueSample SqlClaimStatements::waiting(const JobFilter& filter, int count_max) {
  return parse_waiting(
      run(sql().claim_waiting,
          {{"job_filter", filter_of({filter})}, {"count_max", std::to_string(count_max)}}));
}

Results<JobContext> SqlClaimStatements::start(std::span<const StartRequest> requests) {
  return parts_.start(requests);
}

std::vector<NamedBreaker> SqlClaimStatements::read_breakers(std::span<const std::string> names) {
  return parse_breakers(run(sql().read_breakers, {{"names", texts_json(names)}}));
}

LockedBreakers SqlClaimStatements::lock_breakers(const BreakersToLock& wanted) {
  return parse_locked_breakers(
      run(sql().lock_breakers,
          {{"peers", peers_json(wanted.peers)}, {"workspaces", texts_json(wanted.workspaces)}}));
}

void SqlClaimStatements::write_breakers(std::span<const NamedBreaker> breakers) {
  run(sql().write_breakers, {{"batch", breakers_json(breakers)}});
}

std::string SqlClaimStatements::filter_of(const CandidateRules& rules) const {
  return filter_json(rules, parts_.careful.left_out());
}

}  // namespace autoreply
