#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace autoreply {

template <class T = void>
class Task;

/// What the promises of all tasks share.
class TaskPromiseBase {
 public:
  std::suspend_always initial_suspend() noexcept { return {}; }
  auto final_suspend() noexcept { return ResumeAwaiter{}; }
  void unhandled_exception() noexcept { error_ = std::current_exception(); }

  void set_awaiter(std::coroutine_handle<> awaiter) noexcept { awaiter_ = awaiter; }
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  struct ResumeAwaiter {
    bool await_ready() noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> ended) noexcept {
      return ended.promise().awaiter_;
    }
    void await_resume() noexcept {}
  };

  std::coroutine_handle<> awaiter_ = std::noop_coroutine();
  std::exception_ptr error_;
};

template <class T>
class TaskPromise final : public TaskPromiseBase {
 public:
  Task<T> get_return_object();
  void return_value(T value) { value_ = std::move(value); }
  T take() {
    rethrow();
    return std::move(*value_);
  }

 private:
  std::optional<T> value_;
};

template <>
class TaskPromise<void> final : public TaskPromiseBase {
 public:
  Task<void> get_return_object();
  void return_void() noexcept {}
  void take() const { rethrow(); }
};

/// A coroutine that begins when it is awaited, and goes on in the thread that resumes it. At most
/// one coroutine awaits it, and gets its value or its exception. In an optimized build, tasks that
/// await each other do not grow the stack. Its destructor also destroys a coroutine that has
/// not ended.
///
/// The coroutine keeps references to its arguments: they must live until it ends. Do not write
/// `co_await f({...})`; see "Coroutines" in src/README.md.
template <class T>
class [[nodiscard]] Task final {
 public:
  using promise_type = TaskPromise<T>;
  using Frame = std::coroutine_handle<promise_type>;

  explicit Task(Frame frame) noexcept : frame_(frame) {}
  Task(Task&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (frame_) frame_.destroy();
  }

  auto operator co_await() && noexcept {
    struct Awaiter {
      Frame frame;

      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiter) noexcept {
        frame.promise().set_awaiter(awaiter);
        return frame;
      }
      T await_resume() { return frame.promise().take(); }
    };
    return Awaiter{frame_};
  }

  /// Begins a task that no coroutine awaits.
  void start() { frame_.resume(); }
  [[nodiscard]] bool is_done() const { return frame_.done(); }
  /// The value of a task that is done. Throws what ended it.
  T take() { return frame_.promise().take(); }

 private:
  Frame frame_;
};

template <class T>
Task<T> TaskPromise<T>::get_return_object() {
  return Task<T>(std::coroutine_handle<TaskPromise>::from_promise(*this));
}

inline Task<void> TaskPromise<void>::get_return_object() {
  return Task<void>(std::coroutine_handle<TaskPromise>::from_promise(*this));
}

/// A coroutine that begins at once, and that no other awaits. It frees itself when it ends. An
/// exception ends the process.
struct Detached {
  class Promise final {
   public:
    Detached get_return_object() noexcept { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
  using promise_type = Promise;
};

}  // namespace autoreply
