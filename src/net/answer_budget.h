#pragma once

#include <cstddef>
#include <deque>

namespace autoreply {

struct HttpExchange;

/// Bounds the bytes of all answers that are being read. An exchange that finds no room waits until
/// others have ended. One at a time may go beyond the bound, up to its own limit: otherwise many
/// half-read answers could wait for each other. One thread only.
class AnswerBudget final {
 public:
  explicit AnswerBudget(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// Returns whether the exchange may take `bytes` more. If not, it waits and asks again later.
  [[nodiscard]] bool take(HttpExchange& exchange, std::size_t bytes);

  /// Frees what the exchange has taken. It must take no more.
  void release(const HttpExchange& exchange);

  /// Removes and returns the exchange that has waited longest, if there may be room for it; else
  /// null. It must ask again at once.
  [[nodiscard]] HttpExchange* next();

  [[nodiscard]] std::size_t used() const { return used_; }

 private:
  const std::size_t bytes_max_;
  std::size_t used_ = 0;
  const HttpExchange* beyond_ = nullptr;  ///< may go beyond the bound
  std::deque<HttpExchange*> waiting_;
  bool is_full_ = false;  ///< since an exchange found no room, none was freed
};

}  // namespace autoreply
