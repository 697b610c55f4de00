#pragma once

#include <cstddef>
#include <deque>
#include <optional>

namespace autoreply {

struct HttpExchange;

/// Bounds the bytes of all answers that arrive or wait to be read. The first bytes of an answer,
/// which are most answers whole, always find room and are not counted. An exchange that finds no
/// room for more waits until others have been read, however long that takes. One at a time may go
/// beyond the bound, up to its own limit: otherwise half of an answer could wait for another half.
///
/// It also bounds what one step of a loop reads: libcurl goes through all transfers that have
/// something to read, and meanwhile the loop's other jobs wait. One thread only.
class AnswerBudget final {
 public:
  /// Of each answer. 4,000 jobs in flight take 64 MiB by that.
  static constexpr std::size_t kFreeBytes = 16UL << 10U;

  /// What an ended exchange has taken.
  struct Share {
    std::size_t bytes = 0;
    bool exceeds = false;  ///< it goes beyond the bound
  };

  /// `step_bytes_max`: what one step may take beyond the free bytes.
  AnswerBudget(std::size_t bytes_max, std::size_t step_bytes_max)
      : bytes_max_(bytes_max), step_bytes_max_(step_bytes_max) {}

  /// From now on, another step takes.
  void begin_step() { step_bytes_ = 0; }
  /// Whether an exchange waits that may take more in another step.
  [[nodiscard]] bool wants_another_step() const { return !waiting_for_step_.empty() || has_room(); }

  /// Returns whether the exchange may take `bytes` more. If not, it waits and asks again later.
  [[nodiscard]] bool take(HttpExchange& exchange, std::size_t bytes);

  /// Ends the exchange, which takes no more. What it has taken stays taken until `release`.
  [[nodiscard]] Share end(HttpExchange& exchange);
  /// Takes `bytes` for an ended one that has grown since. Empty: there is no room for it.
  [[nodiscard]] std::optional<Share> take_grown(std::size_t bytes);
  void release(const Share& share);

  /// Removes and returns an exchange that waits, if there may be room for it; else null. It must
  /// ask again at once.
  [[nodiscard]] HttpExchange* next();

  [[nodiscard]] std::size_t used() const { return used_; }

 private:
  /// Whether there may be room for one that waits for it.
  [[nodiscard]] bool has_room() const { return !waiting_.empty() && !is_full_; }

  const std::size_t bytes_max_;
  const std::size_t step_bytes_max_;
  std::size_t used_ = 0;
  bool is_exceeded_ = false;              ///< one goes beyond the bound, or has done so
  const HttpExchange* beyond_ = nullptr;  ///< that one, until it ends
  std::deque<HttpExchange*> waiting_;
  bool is_full_ = false;  ///< since an exchange found no room, none was freed
  std::size_t step_bytes_ = 0;
  std::deque<HttpExchange*> waiting_for_step_;
};

}  // namespace autoreply
