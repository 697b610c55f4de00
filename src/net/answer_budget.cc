#include "net/answer_budget.h"

#include <utility>

#include "net/http_exchange.h"

namespace autoreply {

bool AnswerBudget::take(HttpExchange& exchange, std::size_t bytes) {
  if (exchange.response.body.size() + bytes <= kFreeBytes) return true;
  if (step_bytes_ >= step_bytes_max_) {
    waiting_for_step_.push_back(&exchange);
    return false;
  }
  if (used_ + bytes > bytes_max_ && beyond_ != &exchange) {
    if (is_exceeded_) {
      waiting_.push_back(&exchange);
      is_full_ = true;
      return false;
    }
    is_exceeded_ = true;
    beyond_ = &exchange;
  }
  used_ += bytes;
  step_bytes_ += bytes;
  exchange.budgeted += bytes;
  return true;
}

AnswerBudget::Share AnswerBudget::end(HttpExchange& exchange) {
  std::erase(waiting_, &exchange);
  std::erase(waiting_for_step_, &exchange);
  const Share share{.bytes = std::exchange(exchange.budgeted, 0), .exceeds = beyond_ == &exchange};
  if (share.exceeds) beyond_ = nullptr;
  return share;
}

std::optional<AnswerBudget::Share> AnswerBudget::take_grown(std::size_t bytes) {
  if (bytes <= kFreeBytes) return Share{};
  if (used_ + bytes > bytes_max_) return std::nullopt;
  used_ += bytes;
  return Share{.bytes = bytes};
}

void AnswerBudget::release(const Share& share) {
  used_ -= share.bytes;
  if (share.exceeds) is_exceeded_ = false;
  is_full_ = false;
}

HttpExchange* AnswerBudget::next() {
  if (step_bytes_ >= step_bytes_max_ || !wants_another_step()) return nullptr;
  auto& queue = has_room() ? waiting_ : waiting_for_step_;
  HttpExchange* const first = queue.front();
  queue.pop_front();
  return first;
}

}  // namespace autoreply
