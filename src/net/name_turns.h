#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace autoreply {

struct Transfer;

/// Lets one transfer at a time resolve a name, while others to the same name wait for its result.
/// libcurl starts a thread for each transfer to a name that it does not know, so a thousand at once
/// would start a thousand. Uses no clock. One thread only.
class NameTurns final {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  /// libcurl remembers a name for a minute. This is less, so it still knows the name.
  static constexpr std::chrono::seconds kKnownFor{50};

  /// Returns whether the transfer may begin. If not, it waits until one of the others returns it.
  [[nodiscard]] bool enter(Transfer& transfer, Instant now);

  /// The transfer's name is resolved. Returns those that waited for that: all may begin.
  [[nodiscard]] std::vector<Transfer*> note_resolved(const Transfer& transfer, Instant now);

  /// The transfer has not resolved its name, and says nothing about it. Returns the one that may
  /// begin in its place; null: none waits.
  [[nodiscard]] Transfer* pass_on(const Transfer& transfer);

  /// The name cannot be resolved now. Returns those that waited for that.
  [[nodiscard]] std::vector<Transfer*> note_unresolved(const Transfer& transfer);

  /// Forgets a transfer that waits.
  void leave(const Transfer& transfer);

  /// Whether the transfer resolves its name for the others.
  [[nodiscard]] bool leads(const Transfer& transfer) const;

 private:
  struct Turn {
    const Transfer* leader = nullptr;
    std::deque<Transfer*> waiting;
    std::optional<Instant> known_until;
  };
  void drop_idle(Instant now);

  std::unordered_map<std::string, Turn> turns_;  ///< by name
};

}  // namespace autoreply
