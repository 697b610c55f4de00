#include "base/side_thread.h"

#include <atomic>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/loop.h"
#include "support/refused_calls.h"

namespace autoreply::test {
namespace {

Task<bool> runs_elsewhere_and_comes_back(SideThread& side) {
  const std::thread::id own = std::this_thread::get_id();
  std::function<std::thread::id()> where = &std::this_thread::get_id;
  const std::thread::id there = co_await side.run(std::move(where));
  const std::thread::id after = std::this_thread::get_id();
  EXPECT_NE(own, there);
  co_return own == after;
}

TEST(SideThread, DoesWorkElsewhereAndReturnsToTheLoop) {
  SideThread side;
  EXPECT_TRUE(Loop().run(runs_elsewhere_and_comes_back(side)));
}

TEST(SideThread, ThrowsWhatTheWorkThrows) {
  SideThread side;
  Loop loop;
  const std::function<int()> failing = []() -> int { throw std::runtime_error("no memory"); };
  EXPECT_THROW(loop.run(side.run(failing)), std::runtime_error);
  EXPECT_TRUE(loop.run(runs_elsewhere_and_comes_back(side)));
}

TEST(SideThread, DoesTheWorkAtOnceIfNoThreadCanBeStarted) {
  // In a thread of its own, which alone can start no other.
  std::thread([] {
    ASSERT_TRUE(refuse_threads());
    SideThread side;
    std::function<std::thread::id()> where = &std::this_thread::get_id;
    EXPECT_EQ(std::this_thread::get_id(), Loop().run(side.run(std::move(where))));
  }).join();
}

TEST(SideThread, DoesOneAtATime) {
  SideThread side;
  std::atomic<int> running{0};
  const std::function<int()> count = [&running] {
    const int now = ++running;
    std::this_thread::yield();
    --running;
    return now;
  };
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      Loop loop;
      for (int round = 0; round < 50; ++round) EXPECT_EQ(1, loop.run(side.run(count)));
    });
  }
}

}  // namespace
}  // namespace autoreply::test
