#pragma once

#include <algorithm>
#include <condition_variable>
#include <coroutine>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/invariant.h"
#include "base/loop.h"

namespace autoreply {

/// Collects the requests of many jobs into batches that a single thread processes.
///
/// An idle thread serves a request at once. Requests of the same turn of a loop share a batch, and
/// so do requests that arrive while the thread is busy. Any thread may hand in requests. The
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
      : batch_max_(batch_max), work_(std::move(work)), thread_([this] { serve(); }) {}
  ~Batcher() {
    {
      const std::scoped_lock lock(mutex_);
      ends_ = true;
    }
    arrived_.notify_one();
    thread_.join();
  }
  Batcher(const Batcher&) = delete;
  Batcher& operator=(const Batcher&) = delete;

  struct Posted {
    Request request;
    Completion completion;  ///< called with the reply
  };

  /// Hands in several requests at once, so they may share a batch.
  void post_all(std::vector<Posted> requests) {
    {
      const std::scoped_lock lock(mutex_);
      const std::size_t before = posted_.size();
      try {
        for (Posted& request : requests) posted_.push_back(std::move(request));
      } catch (...) {
        // The caller gives up. None of its completions may be called.
        while (posted_.size() > before) posted_.pop_back();
        throw;
      }
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
      Posted posted{std::move(request_), [this, &loop, waiting](Reply reply) {
                      reply_.emplace(std::move(reply));
                      loop.resume(waiting);
                    }};
      batcher_.post(std::move(posted), loop);
    }
    Reply await_resume() { return std::move(*reply_); }

   private:
    Batcher& batcher_;
    Request request_;
    std::optional<Reply> reply_;
  };
  [[nodiscard]] Call call(Request request) { return Call(*this, std::move(request)); }

 private:
  /// Hands in a request, and wakes the thread when the loop's turn is over.
  void post(Posted request, Loop& loop) {
    const std::scoped_lock lock(mutex_);
    if (!wake_is_posted_) {
      loop.post([this] { wake(); });
      wake_is_posted_ = true;
    }
    posted_.push_back(std::move(request));
  }

  void wake() {
    {
      const std::scoped_lock lock(mutex_);
      wake_is_posted_ = false;
    }
    arrived_.notify_one();
  }

  void serve() {
    std::unique_lock lock(mutex_);
    for (;;) {
      arrived_.wait(lock, [this] { return !posted_.empty() || ends_; });
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
  std::mutex mutex_;  // guards all below but the thread
  std::condition_variable arrived_;
  std::deque<Posted> posted_;
  bool wake_is_posted_ = false;  ///< to a loop
  bool ends_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace autoreply
