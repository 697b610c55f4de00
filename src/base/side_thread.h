#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "base/batcher.h"
#include "base/task.h"

namespace autoreply {

/// A thread that does long computations for coroutines, one at a time: a loop must not do them, or
/// all its other jobs would wait. The thread starts with the first one. If the machine lets none
/// start, the work is done at once. Thread-safe.
class SideThread final {
 public:
  /// What a loop may read at once: to read this much of the worst JSON takes 5 ms.
  static constexpr std::size_t kAtOnceBytesMax = 64UL << 10U;

  /// `co_await` it: calls `work` in the thread. Returns or throws what it does.
  template <class Result>
  Task<Result> run(std::function<Result()> work) {
    Thread* const elsewhere = thread();
    if (elsewhere == nullptr) co_return work();
    std::optional<Result> result;
    std::function<void()> step = [&result, &work] { result.emplace(work()); };
    const std::exception_ptr error = co_await elsewhere->call(std::move(step));
    if (error) std::rethrow_exception(error);
    co_return std::move(*result);
  }

  /// As `run`. If `work` reads few bytes, calls it at once.
  template <class Result>
  Task<Result> read(std::size_t bytes, std::function<Result()> work) {
    if (bytes <= kAtOnceBytesMax) co_return work();
    co_return co_await run(std::move(work));
  }

 private:
  using Thread = Batcher<std::function<void()>, std::exception_ptr>;

  /// Null: none can be started now.
  Thread* thread() {
    const std::scoped_lock lock(mutex_);
    try {
      if (thread_ == nullptr) thread_ = std::make_unique<Thread>(1, &SideThread::do_steps);
    } catch (const std::system_error&) {  // the next call tries again
    }
    return thread_.get();
  }

  static std::vector<std::exception_ptr> do_steps(const std::vector<std::function<void()>>& steps) {
    std::vector<std::exception_ptr> errors;
    for (const std::function<void()>& step : steps) {
      try {
        step();
        errors.emplace_back();
      } catch (...) {
        errors.push_back(std::current_exception());
      }
    }
    return errors;
  }

  std::mutex mutex_;  // guards the making of thread_
  std::unique_ptr<Thread> thread_;
};

}  // namespace autoreply
