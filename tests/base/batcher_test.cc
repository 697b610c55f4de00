#include "base/batcher.h"

#include <atomic>
#include <latch>
#include <numeric>

#include <gtest/gtest.h>

namespace autoreply {
namespace {

using IntBatcher = Batcher<int, int>;

std::vector<int> doubled(const std::vector<int>& numbers) {
  std::vector<int> replies;
  for (const int number : numbers) replies.push_back(2 * number);
  return replies;
}

TEST(Batcher, ServesASingleRequestAtOnce) {
  IntBatcher batcher(8, doubled);
  EXPECT_EQ(14, batcher.submit(7));
}

TEST(Batcher, AnswersSeveralRequestsInTheirOrder) {
  IntBatcher batcher(2, doubled);
  EXPECT_EQ((std::vector<int>{2, 4, 6, 8, 10}), batcher.submit_all({1, 2, 3, 4, 5}));
}

TEST(Batcher, JoinsWhatArrivesWhileItIsBusy) {
  std::latch busy(1);
  std::latch go_on(1);
  std::vector<std::size_t> sizes;  // only the batcher's thread uses it while the batcher exists
  {
    IntBatcher batcher(8, [&](const std::vector<int>& numbers) {
      sizes.push_back(numbers.size());
      if (sizes.size() == 1) {
        busy.count_down();
        go_on.wait();
      }
      return doubled(numbers);
    });
    std::jthread first([&] { EXPECT_EQ(2, batcher.submit(1)); });
    busy.wait();
    std::jthread rest([&] {
      EXPECT_EQ((std::vector<int>{4, 6, 8}), batcher.submit_all({2, 3, 4}));
    });
    // The rest is either already waiting, or it becomes the second batch on its own.
    go_on.count_down();
  }
  EXPECT_EQ((std::vector<std::size_t>{1, 3}), sizes);
}

TEST(Batcher, PassesTheReplyToWhatWasPostedWithTheRequest) {
  std::vector<int> replies;  // only the batcher's thread uses it while the batcher exists
  {
    IntBatcher batcher(8, doubled);
    for (const int number : {1, 2, 3}) {
      batcher.post_all({{number, [&replies](int reply) { replies.push_back(reply); }}});
    }
  }
  EXPECT_EQ((std::vector<int>{2, 4, 6}), replies) << "the destructor serves them";
}

TEST(Batcher, NeverExceedsItsLimit) {
  std::atomic<std::size_t> largest{0};
  IntBatcher batcher(3, [&](const std::vector<int>& numbers) {
    largest = std::max(largest.load(), numbers.size());
    return doubled(numbers);
  });
  std::vector<int> numbers(100);
  std::iota(numbers.begin(), numbers.end(), 0);
  EXPECT_EQ(doubled(numbers), batcher.submit_all(numbers));
  EXPECT_EQ(3U, largest);
}

TEST(Batcher, GivesEachOfManyThreadsItsOwnReply) {
  IntBatcher batcher(16, doubled);
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&batcher, thread] {
      for (int i = 0; i < 200; ++i)
        ASSERT_EQ(2 * (1'000 * thread + i), batcher.submit(1'000 * thread + i));
    });
  }
}

}  // namespace
}  // namespace autoreply
