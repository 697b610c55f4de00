#include "base/task.h"

#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace autoreply::test {
namespace {

/// Suspends a coroutine until the test resumes it.
class Gate final {
 public:
  auto operator co_await() noexcept {
    struct Awaiter {
      Gate& gate;
      bool await_ready() noexcept { return false; }
      void await_suspend(std::coroutine_handle<> waiting) noexcept { gate.waiting_ = waiting; }
      void await_resume() noexcept {}
    };
    return Awaiter{*this};
  }
  void open() { std::exchange(waiting_, nullptr).resume(); }

 private:
  std::coroutine_handle<> waiting_;
};

Task<int> three() {
  co_return 3;
}

Task<int> sum_of_threes(int count) {
  int sum = 0;
  for (int number = 0; number < count; ++number) sum += co_await three();
  co_return sum;
}

TEST(Task, BeginsWhenItIsAwaited) {
  bool begun = false;
  const auto make = [](bool& flag) -> Task<> {
    flag = true;
    co_return;
  };
  Task<> task = make(begun);
  EXPECT_FALSE(begun);
  task.start();
  EXPECT_TRUE(begun);
  EXPECT_TRUE(task.is_done());
}

TEST(Task, GivesItsValueToTheCoroutineThatAwaitsIt) {
  Task<int> task = sum_of_threes(2);
  task.start();
  ASSERT_TRUE(task.is_done());
  EXPECT_EQ(6, task.take());
}

TEST(Task, DoesNotGrowTheStack) {
#ifdef __OPTIMIZE__
  constexpr int kMany = 1'000'000;
#else  // Without optimization, g++ 12 makes no tail call of a transfer.
  constexpr int kMany = 1'000;
#endif
  Task<int> task = sum_of_threes(kMany);
  task.start();
  EXPECT_EQ(3 * kMany, task.take());
}

TEST(Task, MovesValuesThatCannotBeCopied) {
  const auto make = []() -> Task<std::unique_ptr<std::string>> {
    co_return std::make_unique<std::string>("hello");
  };
  Task<std::unique_ptr<std::string>> task = make();
  task.start();
  EXPECT_EQ("hello", *task.take());
}

Task<int> failing(Gate& gate) {
  co_await gate;
  throw std::runtime_error("no answer");
}

Task<std::string> reason_of_failure(Gate& gate) {
  try {
    co_return std::to_string(co_await failing(gate));
  } catch (const std::runtime_error& error) {
    co_return error.what();
  }
}

TEST(Task, PassesExceptionsOnToWhatAwaitsIt) {
  Gate gate;
  Task<std::string> task = reason_of_failure(gate);
  task.start();
  EXPECT_FALSE(task.is_done());
  gate.open();
  EXPECT_EQ("no answer", task.take());
}

TEST(Task, ThrowsWhatEndedIt) {
  Gate gate;
  Task<int> task = failing(gate);
  task.start();
  gate.open();
  EXPECT_THROW(task.take(), std::runtime_error);
}

Task<int> on_both_sides(Gate& gate, std::vector<std::thread::id>& threads) {
  threads.push_back(std::this_thread::get_id());
  co_await gate;
  threads.push_back(std::this_thread::get_id());
  co_return 1;
}

TEST(Task, GoesOnInTheThreadThatResumesIt) {
  Gate gate;
  std::vector<std::thread::id> threads;
  Task<int> task = on_both_sides(gate, threads);
  task.start();
  std::thread other([&gate] { gate.open(); });
  other.join();
  ASSERT_EQ(2U, threads.size());
  EXPECT_NE(threads[0], threads[1]);
  EXPECT_TRUE(task.is_done());
}

Task<> holding(Gate& gate, std::shared_ptr<int> held) {
  co_await gate;
  ++*held;
}

Task<> outer(Gate& gate, std::shared_ptr<int> held) {
  co_await holding(gate, held);
}

TEST(Task, DestroysItsCoroutineWhereverItStands) {
  Gate gate;
  const auto held = std::make_shared<int>(0);
  {
    const Task<> never_begun = outer(gate, held);
    Task<> suspended = outer(gate, held);
    suspended.start();
    EXPECT_LT(1, held.use_count());
  }
  EXPECT_EQ(1, held.use_count());
}

}  // namespace
}  // namespace autoreply::test
