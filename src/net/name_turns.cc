#include "net/name_turns.h"

#include <utility>

#include "net/transfer.h"

namespace autoreply {
namespace {

/// Tenants choose names, so there may be any number of them.
constexpr std::size_t kNamesMax = 10'000;

}  // namespace

bool NameTurns::enter(Transfer& transfer, Instant now) {
  if (turns_.size() >= kNamesMax) drop_idle(now);
  Turn& turn = turns_[transfer.name];
  if (turn.known_until && now < *turn.known_until) return true;
  if (turn.leader == nullptr) {
    turn.leader = &transfer;
    return true;
  }
  turn.waiting.push_back(&transfer);
  return false;
}

std::vector<Transfer*> NameTurns::note_resolved(const Transfer& transfer, Instant now) {
  turns_[transfer.name].known_until = now + kKnownFor;
  return note_unresolved(transfer);
}

std::vector<Transfer*> NameTurns::note_unresolved(const Transfer& transfer) {
  Turn& turn = turns_[transfer.name];
  turn.leader = nullptr;
  const std::deque<Transfer*> waited = std::exchange(turn.waiting, {});
  return {waited.begin(), waited.end()};
}

Transfer* NameTurns::pass_on(const Transfer& transfer) {
  Turn& turn = turns_[transfer.name];
  turn.leader = nullptr;
  if (turn.waiting.empty()) return nullptr;
  Transfer* const next = turn.waiting.front();
  turn.waiting.pop_front();
  turn.leader = next;
  return next;
}

void NameTurns::leave(const Transfer& transfer) {
  const auto turn = turns_.find(transfer.name);
  if (turn != turns_.end()) std::erase(turn->second.waiting, &transfer);
}

bool NameTurns::leads(const Transfer& transfer) const {
  const auto turn = turns_.find(transfer.name);
  return turn != turns_.end() && turn->second.leader == &transfer;
}

void NameTurns::drop_idle(Instant now) {
  std::erase_if(turns_, [&](const auto& one) {
    const Turn& turn = one.second;
    return turn.leader == nullptr && turn.known_until.value_or(now) <= now;
  });
}

}  // namespace autoreply
