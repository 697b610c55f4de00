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

Task<int> reply_to(IntBatcher& batcher, int number) {
  co_return co_await batcher.call(number);
}

int submit(IntBatcher& batcher, int number) {
  return Loop().run(reply_to(batcher, number));
}

/// Submits them all at once, from one thread.
std::vector<int> submit_all(IntBatcher& batcher, const std::vector<int>& numbers) {
  std::vector<int> replies(numbers.size());
  std::latch missing(static_cast<std::ptrdiff_t>(numbers.size()));
  std::vector<IntBatcher::Posted> posted;
  for (std::size_t at = 0; at < numbers.size(); ++at) {
    posted.push_back({numbers[at], [&replies, &missing, at](int reply) {
                        replies[at] = reply;
                        missing.count_down();
                      }});
  }
  batcher.post_all(std::move(posted));
  missing.wait();
  return replies;
}

TEST(Batcher, ServesASingleRequestAtOnce) {
  IntBatcher batcher(8, doubled);
  EXPECT_EQ(14, submit(batcher, 7));
}

TEST(Batcher, AnswersSeveralRequestsInTheirOrder) {
  IntBatcher batcher(2, doubled);
  EXPECT_EQ((std::vector<int>{2, 4, 6, 8, 10}), submit_all(batcher, {1, 2, 3, 4, 5}));
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
    std::jthread first([&] { EXPECT_EQ(2, submit(batcher, 1)); });
    busy.wait();
    std::jthread rest([&] {
      EXPECT_EQ((std::vector<int>{4, 6, 8}), submit_all(batcher, {2, 3, 4}));
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
  EXPECT_EQ(doubled(numbers), submit_all(batcher, numbers));
  EXPECT_EQ(3U, largest);
}

TEST(Batcher, GivesEachOfManyLoopsItsOwnReply) {
  IntBatcher batcher(16, doubled);
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&batcher, thread] {
      for (int i = 0; i < 200; ++i)
        ASSERT_EQ(2 * (1'000 * thread + i), submit(batcher, 1'000 * thread + i));
    });
  }
}

}  // namespace
}  // namespace autoreply
