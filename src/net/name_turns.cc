#include "net/name_turns.h"

#include <algorithm>
#include <utility>

#include "net/transfer.h"

namespace autoreply {
namespace {

/// Tenants choose names, so there may be any number of them.
constexpr std::size_t kNamesMax = 10'000;
constexpr std::chrono::seconds kDropPause{1};

}  // namespace

bool NameTurns::enter(Transfer& transfer, Instant now) {
  if (turns_.size() >= kNamesMax && now >= next_drop_) drop_idle(now);
  Turn& turn = turns_[transfer.name];
  if (turn.was_known && now < turn.known_until) return true;
  if (turn.takes_a_leader()) {
    lead(turn, transfer);
    return true;
  }
  turn.waiting.push_back(&transfer);
  return false;
}

bool NameTurns::leads(const Transfer& transfer) const {
  return std::ranges::find(leaders_, &transfer) != leaders_.end();
}

void NameTurns::lead(Turn& turn, Transfer& transfer) {
  leaders_.push_back(&transfer);
  ++turn.leading;
}

NameTurns::Turn& NameTurns::turn_without(const Transfer& leader) {
  Turn& turn = turns_[leader.name];
  turn.leading -= std::erase(leaders_, &leader);
  return turn;
}

std::vector<Transfer*> NameTurns::note_known(const Transfer& transfer, Instant now) {
  Turn& turn = turn_without(transfer);
  turn.was_known = true;
  turn.known_until = now + kKnownFor;
  const std::deque<Transfer*> waited = std::exchange(turn.waiting, {});
  return {waited.begin(), waited.end()};
}

std::vector<Transfer*> NameTurns::pass_on(const Transfer& transfer) {
  Turn& turn = turn_without(transfer);
  std::vector<Transfer*> next;
  while (!turn.waiting.empty() && turn.takes_a_leader()) {
    next.push_back(turn.waiting.front());
    lead(turn, *turn.waiting.front());
    turn.waiting.pop_front();
  }
  return next;
}

std::vector<Transfer*> NameTurns::note_unresolved(const Transfer& transfer) {
  Turn& turn = turn_without(transfer);
  const std::deque<Transfer*> waited = std::exchange(turn.waiting, {});
  return {waited.begin(), waited.end()};
}

void NameTurns::leave(const Transfer& transfer) {
  const auto turn = turns_.find(transfer.name);
  if (turn != turns_.end()) std::erase(turn->second.waiting, &transfer);
}

void NameTurns::drop_idle(Instant now) {
  next_drop_ = now + kDropPause;
  std::erase_if(turns_, [&](const auto& one) {
    const Turn& turn = one.second;
    return turn.leading == 0 && turn.waiting.empty() && turn.known_until <= now;
  });
}

}  // namespace autoreply
