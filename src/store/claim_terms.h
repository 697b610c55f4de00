#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "store/claim_statements.h"
#include "store/job_store.h"

namespace autoreply {

/// What the breakers and limits say to a claim, as they stand in the database under its lock.
class ClaimTerms final {
 public:
  ClaimTerms(const ClaimRequest& request, ClaimStatements& statements);

  /// What the callback's breaker lets through.
  [[nodiscard]] Admission by_callback() const { return admission_of(request_.breaker); }
  /// How many jobs the limit on everything leaves.
  [[nodiscard]] int room() const;
  [[nodiscard]] const ClaimState& state() const { return state_; }

  struct Workspace {
    WorkspaceTerms terms;
    ProviderKey provider;
    Admission by_provider;
  };

  /// The terms of some workspaces, in their order.
  [[nodiscard]] std::vector<Workspace> of(std::span<const std::string> workspaces);

  /// For provider keys that are loaded slowly: how many more of their jobs may be in flight.
  [[nodiscard]] const std::unordered_map<std::string, int>& key_room() const { return key_room_; }

  /// Notes that a probe of the breaker has been claimed. False where it is none any more, since
  /// another run has reported something meanwhile. Of several, those with the greater names first.
  [[nodiscard]] bool begin_probe(const std::string& breaker);

  /// All breakers that are not clean, and the callback's.
  [[nodiscard]] std::vector<NamedBreaker> breakers() const;

 private:
  [[nodiscard]] Admission admission_of(const std::string& breaker) const;
  [[nodiscard]] ProviderKey provider_key_of(const WorkspaceTerms& terms) const;
  void find_key_room(const std::string& breaker, int in_flight_max);
  void count_in_flight();

  const ClaimRequest& request_;
  ClaimStatements& statements_;
  ClaimState state_;
  std::unordered_map<std::string, NamedBreaker> breakers_;
  std::unordered_map<std::string, int> key_room_;
  bool in_flight_counted_ = false;
  std::unordered_map<std::string, int> in_flight_;  ///< by provider breaker
};

}  // namespace autoreply
