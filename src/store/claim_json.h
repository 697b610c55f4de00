#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/claim_statements.h"
#include "store/job_store.h"

namespace autoreply {

// Writes and reads the JSON that the statements of a claim take and return.

/// The input of filter.sql. `left_out`: ids of jobs that are not candidates.
[[nodiscard]] std::string filter_json(const CandidateRules& rules,
                                      std::span<const std::string> left_out);
[[nodiscard]] std::string texts_json(std::span<const std::string> texts);
[[nodiscard]] std::vector<std::string> parse_texts(std::string_view json);

[[nodiscard]] std::vector<JobId> job_ids(std::vector<std::string> texts);
[[nodiscard]] std::string wronged_json(std::span<const WrongedJob> jobs);

[[nodiscard]] ClaimState parse_claim_state(std::string_view json);

[[nodiscard]] WorkspacePage parse_workspace_page(std::string_view json);

[[nodiscard]] std::vector<WorkspaceTerms> parse_terms(std::string_view json);

/// The number of jobs by workspace.
[[nodiscard]] std::unordered_map<std::string, int> parse_in_flight(std::string_view json);

/// The input of candidates.sql. `first` is the place of the first ask; the answers name the places.
[[nodiscard]] std::string asks_json(std::span<const Ask> asks, std::size_t first);

[[nodiscard]] std::vector<Candidates> parse_candidates(std::string_view json);
[[nodiscard]] Candidates parse_contacts(std::string_view json);

[[nodiscard]] std::vector<ClaimedJob> parse_claimed(std::string_view json, const ClaimTerm& term);

[[nodiscard]] DueSample parse_waiting(std::string_view json);

}  // namespace autoreply
