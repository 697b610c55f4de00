#include "support/endpoint.h"

#include <algorithm>

namespace autoreply::test {
namespace {

AnswerTo constant(Answer answer) {
  return [answer = std::move(answer)](const ReceivedRequest&) { return answer; };
}

}  // namespace

std::string ReceivedRequest::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

Endpoint::Endpoint(std::string path, AnswerTo standing, std::function<std::uint64_t()> next_event)
    : path_(std::move(path)), next_event_(std::move(next_event)), standing_(std::move(standing)) {
}

void Endpoint::script(Answer answer) {
  script(constant(std::move(answer)));
}

void Endpoint::script(AnswerTo answer) {
  const std::lock_guard lock(mutex_);
  scripted_.push_back(std::move(answer));
}

void Endpoint::script_for(std::string text, Answer answer) {
  script_for(std::move(text), constant(std::move(answer)));
}

void Endpoint::script_for(std::string text, AnswerTo answer) {
  const std::lock_guard lock(mutex_);
  scripted_for_.emplace_back(std::move(text), std::move(answer));
}

void Endpoint::answer_always(Answer answer) {
  answer_always(constant(std::move(answer)));
}

void Endpoint::answer_always(AnswerTo answer) {
  const std::lock_guard lock(mutex_);
  standing_ = std::move(answer);
}

void Endpoint::hold() {
  const std::lock_guard lock(mutex_);
  held_ = true;
}

void Endpoint::release() {
  const std::lock_guard lock(mutex_);
  held_ = false;
  changed_.notify_all();
}

std::size_t Endpoint::count() const {
  const std::lock_guard lock(mutex_);
  return requests_.size();
}

std::vector<ReceivedRequest> Endpoint::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::size_t Endpoint::most_in_flight() const {
  const std::lock_guard lock(mutex_);
  return most_in_flight_;
}

bool Endpoint::wait_for_requests(std::size_t count, std::chrono::milliseconds patience) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [&] { return requests_.size() >= count; });
}

AnswerTo Endpoint::take_answer(const std::string& body) {
  const auto match = std::ranges::find_if(scripted_for_, [&body](const auto& scripted) {
    return body.find(scripted.first) != std::string::npos;
  });
  if (match != scripted_for_.end()) {
    AnswerTo answer = std::move(match->second);
    scripted_for_.erase(match);
    return answer;
  }
  if (!scripted_.empty()) {
    AnswerTo answer = std::move(scripted_.front());
    scripted_.pop_front();
    return answer;
  }
  return standing_;
}

Answer Endpoint::serve(ReceivedRequest request) {
  request.arrived_at = next_event_();
  std::unique_lock lock(mutex_);
  const std::size_t index = requests_.size();
  requests_.push_back(request);
  most_in_flight_ = std::max(most_in_flight_, ++in_flight_);
  const AnswerTo answer_to = take_answer(request.body);
  changed_.notify_all();
  changed_.wait(lock, [this] { return !held_ || stopping_; });

  lock.unlock();
  Answer answer = answer_to(request);
  lock.lock();
  changed_.wait_for(lock, answer.delay, [this] { return stopping_; });
  requests_[index].answered_at = next_event_();
  --in_flight_;
  return answer;
}

void Endpoint::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
}

}  // namespace autoreply::test
