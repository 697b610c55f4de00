#include "net/answer_budget.h"

#include <utility>

#include "net/http_exchange.h"

namespace autoreply {

bool AnswerBudget::take(HttpExchange& exchange, std::size_t bytes) {
  if (exchange.response.body.size() + bytes <= kFreeBytes) return true;
  if (step_bytes_ >= kStepBytes) {
    waiting_for_step_.push_back(&exchange);
    return false;
  }
  if (used_ + bytes > bytes_max_ && beyond_ != &exchange) {
    if (beyond_ != nullptr) {
      waiting_.push_back(&exchange);
      is_full_ = true;
      return false;
    }
    beyond_ = &exchange;
  }
  used_ += bytes;
  step_bytes_ += bytes;
  exchange.budgeted += bytes;
  return true;
}

void AnswerBudget::release(HttpExchange& exchange) {
  used_ -= std::exchange(exchange.budgeted, 0);
  if (beyond_ == &exchange) beyond_ = nullptr;
  std::erase(waiting_, &exchange);
  std::erase(waiting_for_step_, &exchange);
  is_full_ = false;
}

HttpExchange* AnswerBudget::next() {
  const bool has_room = !waiting_.empty() && !is_full_;
  if (step_bytes_ >= kStepBytes || (waiting_for_step_.empty() && !has_room)) return nullptr;
  auto& longest = waiting_for_step_.empty() ? waiting_ : waiting_for_step_;
  HttpExchange* const first = longest.front();
  longest.pop_front();
  return first;
}

}  // namespace autoreply
