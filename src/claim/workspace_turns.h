#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "claim/workspace_rules.h"
#include "store/claim_statements.h"

namespace autoreply {

/// A workspace in the order of its turn.
struct Tenant {
  std::string workspace_id;
  std::vector<std::string> loads;  ///< breakers of the peers that a job without a reply calls
  int room = kAnyNumber;           ///< jobs that its limit leaves
  bool takes_turns = true;         ///< the next claim may go on after it
};

/// Some of a tenant's jobs, in the order in which they are to be claimed.
struct Offer {
  std::size_t tenant = 0;  ///< index
  /// The open breakers under which one of them may be claimed as a probe; empty: any number may.
  std::vector<std::string> probes;
  bool calls_nobody = false;  ///< as in `ClaimedJob`
  std::vector<Candidate> candidates;
};

struct Pick {
  std::string id;
  std::size_t tenant = 0;  ///< index
  std::vector<std::string> probes;
  bool calls_nobody = false;
};

/// Shares places out: each offer in turn gives its next job, until all places are taken or nothing
/// is left. No two jobs of one contact; no more of a tenant, or of a peer (`peer_room`, by the name
/// of its breaker; not named: any number), than there is room for; one probe a breaker. Pure.
[[nodiscard]] std::vector<Pick> take_turns(const std::vector<Tenant>& tenants,
                                           const std::vector<Offer>& offers,
                                           const std::unordered_map<std::string, int>& peer_room,
                                           int places);

}  // namespace autoreply
