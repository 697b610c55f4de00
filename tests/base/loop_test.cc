#include "base/loop.h"

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace autoreply::test {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using Clock = Loop::Clock;

/// Suspends a coroutine until its loop has done the steps that were posted before.
struct NextStep {
  bool await_ready() noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) { Loop::current().resume(waiting); }
  void await_resume() noexcept {}
};

Task<int> sum_up_to(int last) {
  int sum = 0;
  for (int number = 1; number <= last; ++number) {
    co_await NextStep();
    sum += number;
  }
  co_return sum;
}

Task<> failing() {
  co_await NextStep();
  throw std::runtime_error("no answer");
}

class Listener final : public LoopListener {
 public:
  void on_ready(int descriptor, Readiness ready) override {
    if (at_ready) at_ready(descriptor, ready);
  }
  void on_time() override {
    if (at_time) at_time();
  }

  std::function<void(int, Readiness)> at_ready;
  std::function<void()> at_time;
};

class Pipe final {
 public:
  Pipe() { EXPECT_EQ(0, pipe(ends_.data())); }
  ~Pipe() {
    close(ends_[0]);
    if (ends_[1] >= 0) close(ends_[1]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  [[nodiscard]] int out() const { return ends_[0]; }
  void send() { EXPECT_EQ(1, write(ends_[1], "x", 1)); }
  void read_one() {
    char byte = 0;
    EXPECT_EQ(1, read(ends_[0], &byte, 1));
  }
  void hang_up() {
    close(ends_[1]);
    ends_[1] = -1;
  }

 private:
  std::array<int, 2> ends_{};
};

TEST(Loop, RunsATaskToItsEnd) {
  Loop loop;
  EXPECT_EQ(5'050, loop.run(sum_up_to(100)));
  EXPECT_EQ(3, loop.run(sum_up_to(2)));
}

TEST(Loop, ThrowsWhatEndsATask) {
  Loop loop;
  EXPECT_THROW(loop.run(failing()), std::runtime_error);
  EXPECT_EQ(1, loop.run(sum_up_to(1)));
}

TEST(Loop, DoesStepsInTheirOrderAndThoseBeforeItsEnd) {
  Loop loop;
  std::vector<int> done;
  loop.post([&] {
    done.push_back(1);
    loop.post([&] { done.push_back(3); });
    loop.end();
  });
  loop.post([&] { done.push_back(2); });
  loop.run();
  EXPECT_THAT(done, ElementsAre(1, 2, 3));
}

TEST(Loop, IsWokenByAnotherThread) {
  Loop loop;
  std::thread::id did;
  const std::thread::id own = std::this_thread::get_id();
  const std::jthread other([&] {
    for (int step = 0; step < 1'000; ++step) {
      std::atomic<bool> is_done{false};
      loop.post([&] {
        did = std::this_thread::get_id();
        is_done = true;
        is_done.notify_one();
      });
      is_done.wait(false);
    }
    loop.end();
  });
  loop.run();
  EXPECT_EQ(own, did);
}

TEST(Loop, LosesNoStepOfManyThreads) {
  Loop loop;
  constexpr int kThreads = 8;
  constexpr int kSteps = 500;
  int done = 0;  // only the loop's thread uses it
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&] {
      for (int step = 0; step < kSteps; ++step) {
        loop.post([&] {
          if (++done == kThreads * kSteps) loop.end();
        });
      }
    });
  }
  loop.run();
  EXPECT_EQ(kThreads * kSteps, done);
}

TEST(Loop, TellsWhenADescriptorIsReady) {
  Loop loop;
  Pipe pipe;
  Listener listener;
  std::vector<Readiness> told;
  listener.at_ready = [&](int descriptor, Readiness ready) {
    EXPECT_EQ(pipe.out(), descriptor);
    told.push_back(ready);
    if (told.size() == 1) {
      pipe.read_one();
      pipe.hang_up();
    } else {
      loop.let_go(descriptor);
      loop.end();
    }
  };
  ASSERT_TRUE(loop.watch(pipe.out(), {.read = true}, listener));
  pipe.send();
  loop.run();
  EXPECT_THAT(told, ElementsAre(Readiness{.read = true}, Readiness{.error = true}));
}

TEST(Loop, TellsNothingOfWhatItHasLetGo) {
  Loop loop;
  Pipe pipe;
  Pipe other;
  Listener listener;
  int told = 0;
  listener.at_ready = [&](int descriptor, Readiness) {
    ++told;
    EXPECT_EQ(other.out(), descriptor);
    loop.end();
  };
  ASSERT_TRUE(loop.watch(pipe.out(), {.read = true}, listener));
  ASSERT_TRUE(loop.watch(other.out(), {}, listener));
  ASSERT_TRUE(loop.watch(other.out(), {.read = true}, listener)) << "asked for something else";
  loop.let_go(pipe.out());
  pipe.send();
  other.send();
  loop.run();
  EXPECT_EQ(1, told);
}

TEST(Loop, WatchesADescriptorThatWasClosedAndOpenedAgain) {
  Loop loop;
  Listener listener;
  listener.at_ready = [&](int, Readiness) { loop.end(); };
  const int number = [&] {
    const Pipe pipe;
    EXPECT_TRUE(loop.watch(pipe.out(), {.read = true}, listener));
    return pipe.out();
  }();
  Pipe again;
  ASSERT_EQ(number, again.out());
  ASSERT_TRUE(loop.watch(again.out(), {.read = true}, listener));
  again.send();
  loop.run();
}

TEST(Loop, RefusesToWatchWhatCannotBeWatched) {
  Loop loop;
  Listener listener;
  EXPECT_FALSE(loop.watch(-1, {.read = true}, listener));
}

TEST(Loop, TellsWhenATimeHasCome) {
  Loop loop;
  Listener first;
  Listener second;
  Listener never;
  std::vector<int> told;
  const auto began = Clock::now();
  first.at_time = [&] {
    told.push_back(1);
    if (told.size() < 3) loop.set_time(first, Clock::now());
  };
  second.at_time = [&] {
    told.push_back(2);
    loop.end();
  };
  never.at_time = [&] { told.push_back(3); };
  loop.set_time(second, began + milliseconds(20));
  loop.set_time(never, began + milliseconds(5));
  loop.set_time(never, std::nullopt);
  loop.set_time(first, began + milliseconds(3'600'000));
  loop.set_time(first, began);
  loop.run();
  EXPECT_THAT(told, ElementsAre(1, 1, 1, 2));
  EXPECT_GE(Clock::now() - began, milliseconds(20));
}

TEST(Loop, ForgetsAListener) {
  Loop loop;
  Pipe pipe;
  {
    Listener gone;
    ASSERT_TRUE(loop.watch(pipe.out(), {.read = true}, gone));
    loop.set_time(gone, Clock::now());
    loop.forget(gone);
  }
  pipe.send();
  EXPECT_EQ(1, loop.run(sum_up_to(1)));
}

TEST(Loop, SaysWhichStepIsUnderWayAndHowLongTheLongestKeptTheProcessor) {
  Loop loop;
  EXPECT_EQ(0U, loop.step_under_way());
  std::vector<std::uint64_t> steps;
  for (int step = 0; step < 2; ++step) {
    loop.post([&] {
      steps.push_back(loop.step_under_way());
      const auto until = ThreadClock::now() + milliseconds(5);
      while (ThreadClock::now() < until) {
      }
    });
  }
  loop.end();
  loop.run();
  EXPECT_EQ(0U, loop.step_under_way());
  EXPECT_THAT(steps, ElementsAre(1U, 2U));
  EXPECT_GE(loop.longest_step(), milliseconds(5));
}

TEST(Loop, DoesNotCountTheTimeInWhichAStepWaits) {
  Loop loop;
  loop.post([] { std::this_thread::sleep_for(milliseconds(100)); });
  loop.end();
  loop.run();
  EXPECT_LT(loop.longest_step(), milliseconds(90));
}

TEST(LoopDeathTest, EndsTheProcessIfACoroutineWaitsOutsideOfALoop) {
  EXPECT_EXIT(static_cast<void>(Loop::current()), testing::ExitedWithCode(70), "outside of a loop");
}

}  // namespace
}  // namespace autoreply::test
