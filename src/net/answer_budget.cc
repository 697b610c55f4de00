#include "net/answer_budget.h"

#include <utility>

#include "net/http_exchange.h"

namespace autoreply {

bool AnswerBudget::take(HttpExchange& exchange, std::size_t bytes) {
  if (exchange.response.body.size() + bytes <= kFreeBytes) return true;
  if (used_ + bytes > bytes_max_ && beyond_ != &exchange) {
    if (beyond_ != nullptr) {
      waiting_.push_back(&exchange);
      is_full_ = true;
      return false;
    }
    beyond_ = &exchange;
  }
  used_ += bytes;
  exchange.budgeted += bytes;
  return true;
}

void AnswerBudget::release(HttpExchange& exchange) {
  used_ -= std::exchange(exchange.budgeted, 0);
  if (beyond_ == &exchange) beyond_ = nullptr;
  std::erase(waiting_, &exchange);
  is_full_ = false;
}

HttpExchange* AnswerBudget::next() {
  if (waiting_.empty() || is_full_) return nullptr;
  HttpExchange* const first = waiting_.front();
  waiting_.pop_front();
  return first;
}

}  // namespace autoreply
