#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

namespace autoreply {

/// Collects requests from many threads into batches that a single thread processes.
///
/// There is no timer: an idle thread serves a request at once, on its own. Requests that arrive
/// while the thread is busy form its next batch. Any thread may call `submit`. The destructor
/// serves the requests already submitted and then ends the thread.
template <class Request, class Reply>
class Batcher final {
 public:
  /// Takes a batch and returns one reply per request, in order. Called by one thread only; must not
  /// throw.
  using Work = std::function<std::vector<Reply>(std::vector<Request>)>;

  Batcher(std::size_t batch_max, Work work)
      : batch_max_(batch_max),
        work_(std::move(work)),
        thread_([this](const std::stop_token& stop) { serve(stop); }) {}

  Batcher(const Batcher&) = delete;
  Batcher& operator=(const Batcher&) = delete;

  /// Submits a request and waits for its reply.
  [[nodiscard]] Reply submit(Request request) {
    std::vector<Request> requests;
    requests.push_back(std::move(request));
    return std::move(submit_all(std::move(requests)).front());
  }

  /// Submits several requests at once and waits for their replies, which come in the same order.
  [[nodiscard]] std::vector<Reply> submit_all(std::vector<Request> requests) {
    std::deque<Slot> slots;
    for (Request& request : requests) slots.emplace_back(std::move(request));
    std::unique_lock lock(mutex_);
    for (Slot& slot : slots) waiting_.push_back(&slot);
    arrived_.notify_one();
    std::vector<Reply> replies;
    replies.reserve(slots.size());
    for (Slot& slot : slots) {
      slot.served.wait(lock, [&slot] { return slot.reply.has_value(); });
      replies.push_back(std::move(*slot.reply));
    }
    return replies;
  }

 private:
  struct Slot {
    explicit Slot(Request asked) : request(std::move(asked)) {}

    Request request;
    std::optional<Reply> reply;
    std::condition_variable served;
  };

  void serve(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    for (;;) {
      arrived_.wait(lock, stop, [this] { return !waiting_.empty(); });
      if (waiting_.empty()) return;
      const std::size_t size = std::min(batch_max_, waiting_.size());
      const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(size);
      const std::vector<Slot*> slots(waiting_.begin(), end);
      waiting_.erase(waiting_.begin(), end);
      std::vector<Request> requests;
      requests.reserve(size);
      for (Slot* slot : slots) requests.push_back(std::move(slot->request));
      lock.unlock();
      std::vector<Reply> replies = work_(std::move(requests));
      lock.lock();
      // Hold the lock while notifying: a woken thread destroys its slot as soon as it can.
      for (std::size_t at = 0; at < slots.size(); ++at) {
        slots[at]->reply.emplace(std::move(replies[at]));
        slots[at]->served.notify_one();
      }
    }
  }

  const std::size_t batch_max_;
  const Work work_;
  std::mutex mutex_;  // guards waiting_ and the slots' replies
  std::condition_variable_any arrived_;
  std::vector<Slot*> waiting_;
  std::jthread thread_;  // last: it uses everything above
};

}  // namespace autoreply
