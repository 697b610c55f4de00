#include "claim/workspace_turns.h"

#include <algorithm>
#include <cstddef>
#include <unordered_set>

namespace autoreply {
namespace {

class Sharing final {
 public:
  Sharing(const std::vector<Tenant>& tenants, const std::unordered_map<std::string, int>& peer_room)
      : tenants_(tenants), peer_room_(peer_room) {
    rooms_.reserve(tenants.size());
    for (const Tenant& tenant : tenants) rooms_.push_back(tenant.room);
  }

  /// Takes the offer's first job, from `next` on, that fits. Returns false if there is none.
  bool take_from(const Offer& offer, std::size_t& next, std::vector<Pick>& picks) {
    const Tenant& tenant = tenants_[offer.tenant];
    while (next < offer.candidates.size()) {
      const Candidate& candidate = offer.candidates[next++];
      if (rooms_[offer.tenant] == 0 && !offer.calls_nobody) return false;
      if (!has_room_at_peers(tenant, offer, candidate)) continue;
      if (!ids_.insert(candidate.id).second) continue;
      if (!candidate.contact_id.empty() && !contacts_.insert(candidate.contact_id).second) continue;
      probed_.insert(offer.probes.begin(), offer.probes.end());
      const bool calls_provider = !candidate.recorded && !offer.calls_nobody;
      if (calls_provider) take_room_at_peers(tenant);
      if (!offer.calls_nobody && rooms_[offer.tenant] != kAnyNumber) --rooms_[offer.tenant];
      picks.push_back({candidate.id,
                       offer.tenant,
                       offer.probes,
                       offer.calls_nobody,
                       calls_provider ? offer.provider_address : ""});
      return true;
    }
    return false;
  }

 private:
  [[nodiscard]] bool has_room_at_peers(const Tenant& tenant,
                                       const Offer& offer,
                                       const Candidate& candidate) const {
    if (offer.calls_nobody) return true;
    if (!offer.probes.empty()) {
      return std::ranges::none_of(offer.probes,
                                  [&](const auto& name) { return probed_.contains(name); });
    }
    return candidate.recorded || std::ranges::all_of(tenant.loads, [&](const auto& name) {
             const auto room = peer_room_.find(name);
             return room == peer_room_.end() || room->second > 0;
           });
  }

  void take_room_at_peers(const Tenant& tenant) {
    for (const std::string& name : tenant.loads) {
      const auto room = peer_room_.find(name);
      if (room != peer_room_.end()) --room->second;
    }
  }

  const std::vector<Tenant>& tenants_;
  std::unordered_map<std::string, int> peer_room_;
  std::vector<int> rooms_;
  std::unordered_set<std::string> ids_;  ///< jobs seen so far: two offers may have the same job
  std::unordered_set<std::string> contacts_;
  std::unordered_set<std::string> probed_;
};

}  // namespace

std::vector<Pick> take_turns(const std::vector<Tenant>& tenants,
                             const std::vector<Offer>& offers,
                             const std::unordered_map<std::string, int>& peer_room,
                             int places) {
  Sharing sharing(tenants, peer_room);
  std::vector<Pick> picks;
  std::vector<std::size_t> next(offers.size(), 0);
  const auto wanted = static_cast<std::size_t>(places);
  for (bool any = true; any && picks.size() < wanted;) {
    any = false;
    for (std::size_t at = 0; at < offers.size() && picks.size() < wanted; ++at) {
      any = sharing.take_from(offers[at], next[at], picks) || any;
    }
  }
  return picks;
}

}  // namespace autoreply
