#pragma once

#include <chrono>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

namespace autoreply {

struct Transfer;

/// Lets one transfer at a time look a name up, while others to the same name wait for its result.
/// libcurl starts a thread for each transfer to a name that it does not know, so a thousand at once
/// would start a thousand. Uses no clock. One thread only.
class NameTurns final {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  /// libcurl remembers a name for a minute. This is less, so it still knows the name.
  static constexpr std::chrono::seconds kKnownFor{50};
  /// So many may go at once to a name that was known before: most find a kept connection, and need
  /// no look-up.
  static constexpr std::size_t kLeadersMax = 16;

  /// Returns whether the transfer may begin. If not, it waits until one of the others returns it.
  [[nodiscard]] bool enter(Transfer& transfer, Instant now);

  /// The transfers that others may wait for: they began while their names were unknown.
  [[nodiscard]] const std::vector<Transfer*>& leaders() const { return leaders_; }
  [[nodiscard]] bool leads(const Transfer& transfer) const;

  /// The transfer that leads knows an address. Returns those that waited for that: all may begin.
  [[nodiscard]] std::vector<Transfer*> note_known(const Transfer& transfer, Instant now);

  /// The transfer leads no more, and says nothing about the name. Returns those that may begin in
  /// its place.
  [[nodiscard]] std::vector<Transfer*> pass_on(const Transfer& transfer);

  /// The name of the transfer that leads does not resolve. Returns those that waited for that.
  [[nodiscard]] std::vector<Transfer*> note_unresolved(const Transfer& transfer);

  /// Forgets a transfer that waits.
  void leave(const Transfer& transfer);

 private:
  struct Turn {
    std::size_t leading = 0;  ///< of `leaders_`
    std::deque<Transfer*> waiting;
    bool was_known = false;
    Instant known_until{};

    [[nodiscard]] bool takes_a_leader() const { return leading < (was_known ? kLeadersMax : 1); }
  };
  void lead(Turn& turn, Transfer& transfer);
  [[nodiscard]] Turn& turn_without(const Transfer& leader);
  void drop_idle(Instant now);

  std::unordered_map<std::string, Turn> turns_;  ///< by name
  std::vector<Transfer*> leaders_;
  Instant next_drop_{};
};

}  // namespace autoreply
