#include "store/workspace_turns.h"

#include <cstddef>
#include <unordered_set>

namespace autoreply {
namespace {

class Sharing final {
 public:
  Sharing(const std::vector<Tenant>& tenants, const std::unordered_map<std::string, int>& key_room)
      : tenants_(tenants), key_room_(key_room) {
    rooms_.reserve(tenants.size());
    for (const Tenant& tenant : tenants) rooms_.push_back(tenant.room);
  }

  /// Takes the first of the offer's jobs from `next` on that there is room for.
  bool take_from(const Offer& offer, std::size_t& next, std::vector<Pick>& picks) {
    const Tenant& tenant = tenants_[offer.tenant];
    while (next < offer.candidates.size()) {
      const Candidate& candidate = offer.candidates[next++];
      if (rooms_[offer.tenant] == 0) return false;
      if (!has_room_at_provider(tenant, offer, candidate)) continue;
      if (!candidate.contact_id.empty() && !contacts_.insert(candidate.contact_id).second) continue;
      if (offer.probes) probed_.insert(tenant.provider.breaker);
      if (!candidate.recorded) take_room_at_provider(tenant);
      if (rooms_[offer.tenant] != kAnyNumber) --rooms_[offer.tenant];
      picks.push_back({candidate.id, offer.tenant, offer.probes});
      return true;
    }
    return false;
  }

 private:
  [[nodiscard]] bool has_room_at_provider(const Tenant& tenant,
                                          const Offer& offer,
                                          const Candidate& candidate) const {
    if (candidate.recorded) return true;
    if (offer.probes) return !probed_.contains(tenant.provider.breaker);
    const auto room = key_room_.find(tenant.provider.breaker);
    return room == key_room_.end() || room->second > 0;
  }

  void take_room_at_provider(const Tenant& tenant) {
    const auto room = key_room_.find(tenant.provider.breaker);
    if (room != key_room_.end()) --room->second;
  }

  const std::vector<Tenant>& tenants_;
  std::unordered_map<std::string, int> key_room_;
  std::vector<int> rooms_;
  std::unordered_set<std::string> contacts_;
  std::unordered_set<std::string> probed_;
};

}  // namespace

std::vector<Pick> take_turns(const std::vector<Tenant>& tenants,
                             const std::vector<Offer>& offers,
                             const std::unordered_map<std::string, int>& key_room,
                             int places) {
  Sharing sharing(tenants, key_room);
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
