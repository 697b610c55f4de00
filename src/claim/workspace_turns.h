#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "claim/workspace_rules.h"
#include "store/claim_statements.h"

namespace autoreply {

/// A workspace that takes part in a claim.
struct Tenant {
  std::string workspace_id;
  std::vector<std::string> loads;  ///< breakers of the peers that jobs without a reply call
  int room = kAnyNumber;           ///< jobs that its limit still allows
  bool takes_turns = true;         ///< the next claim may continue after it
};

/// Some of a tenant's jobs, in claim order.
struct Offer {
  std::size_t tenant = 0;  ///< index
  /// Open breakers for which one of the jobs may be claimed as a probe. Empty: any number may be
  /// claimed.
  std::vector<std::string> probes;
  bool calls_nobody = false;       ///< as in `ClaimedJob`
  std::string provider_address{};  ///< of the provider that jobs without a reply call
  std::vector<Candidate> candidates;
};

struct Pick {
  std::string id;
  std::size_t tenant = 0;  ///< index
  std::vector<std::string> probes;
  bool calls_nobody = false;
  std::string provider_address{};
};

/// Shares out places. Each offer in turn gives its next job, until all places are taken or no job
/// is left. Takes at most one job of a contact and one probe for a breaker. The room of tenants and
/// peers is never exceeded, but jobs that call no peer need no room. `peer_room` is by breaker
/// name. A peer without an entry has unlimited room. Pure.
[[nodiscard]] std::vector<Pick> take_turns(const std::vector<Tenant>& tenants,
                                           const std::vector<Offer>& offers,
                                           const std::unordered_map<std::string, int>& peer_room,
                                           int places);

}  // namespace autoreply
