#pragma once

#include <algorithm>
#include <condition_variable>
#include <coroutine>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "base/invariant.h"
#include "base/loop.h"

namespace autoreply {

/// Collects the requests of many jobs into batches that a single thread processes.
///
/// There is no timer: an idle thread serves a request at once, on its own. Requests that arrive
/// while the thread is busy form its next batch. Any thread may hand in requests. The
/// destructor serves the requests already handed in and then ends the thread.
template <class Request, class Reply>
class Batcher final {
 public:
  /// Takes a batch and returns one reply per request, in order. Called by one thread only; must not
  /// throw.
  using Work = std::function<std::vector<Reply>(std::vector<Request>)>;
  /// Takes a reply. Called by the batcher's thread, so it must not wait; must not throw.
  using Completion = std::function<void(Reply)>;

  Batcher(std::size_t batch_max, Work work)
      : batch_max_(batch_max),
        work_(std::move(work)),
        thread_([this](const std::stop_token& stop) { serve(stop); }) {}

  Batcher(const Batcher&) = delete;
  Batcher& operator=(const Batcher&) = delete;

  struct Posted {
    Request request;
    Completion completion;  ///< called with the reply
  };

  /// Hands in several requests at once, so they may share a batch.
  void post_all(std::vector<Posted> requests) {
    const std::scoped_lock lock(mutex_);
    const std::size_t before = posted_.size();
    try {
      for (Posted& request : requests) posted_.push_back(std::move(request));
    } catch (...) {
      // The caller gives up. None of its completions may be called.
      while (posted_.size() > before) posted_.pop_back();
      throw;
    }
    arrived_.notify_one();
  }

  /// `co_await` it: hands in a request and waits for its reply. The coroutine goes on in the loop
  /// in which it waits.
  class Call final {
   public:
    Call(Batcher& batcher, Request request) : batcher_(batcher), request_(std::move(request)) {}

    bool await_ready() noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiting) {
      Loop& loop = Loop::current();
      std::vector<Posted> posted;
      posted.push_back({std::move(request_), [this, &loop, waiting](Reply reply) {
                          reply_.emplace(std::move(reply));
                          loop.resume(waiting);
                        }});
      batcher_.post_all(std::move(posted));
    }
    Reply await_resume() { return std::move(*reply_); }

   private:
    Batcher& batcher_;
    Request request_;
    std::optional<Reply> reply_;
  };
  [[nodiscard]] Call call(Request request) { return Call(*this, std::move(request)); }

 private:
  void serve(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    for (;;) {
      arrived_.wait(lock, stop, [this] { return !posted_.empty(); });
      if (posted_.empty()) return;
      const std::size_t size = std::min(batch_max_, posted_.size());
      std::vector<Request> requests;
      std::vector<Completion> completions;
      requests.reserve(size);
      completions.reserve(size);
      for (; requests.size() < size; posted_.pop_front()) {
        requests.push_back(std::move(posted_.front().request));
        completions.push_back(std::move(posted_.front().completion));
      }
      lock.unlock();
      std::vector<Reply> replies = work_(std::move(requests));
      require_or_end(replies.size() == size, "a batch was not answered request by request");
      for (std::size_t at = 0; at < completions.size(); ++at) {
        completions[at](std::move(replies[at]));
      }
      lock.lock();
    }
  }

  const std::size_t batch_max_;
  const Work work_;
  std::mutex mutex_;  // guards posted_
  std::condition_variable_any arrived_;
  std::deque<Posted> posted_;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace autoreply
