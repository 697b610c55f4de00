#include "run/job_queue.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace autoreply {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;

const JobQueue::Instant kStart{};
const JobQueue::Instant kSoon = kStart + seconds{1};
const JobQueue::Instant kLate = kStart + seconds{30};

ClaimedJob job(const std::string& id, const std::string& provider = {}) {
  return {.job = {.id = {id}}, .provider = {provider, provider}};
}

void add(JobQueue& queue, int count, const std::string& provider) {
  for (int number = 0; number < count; ++number) queue.add(job(std::to_string(number), provider));
}

/// Begins what may begin on so many free threads.
std::vector<JobQueue::Begun> begin_all(JobQueue& queue, std::size_t threads) {
  std::vector<JobQueue::Begun> begun;
  while (queue.running() < threads && queue.may_begin(kStart)) begun.push_back(queue.begin(kStart));
  return begun;
}

TEST(JobQueue, GivesJobsInTheOrderInWhichTheyWereAdded) {
  JobQueue queue(8);
  for (const char* id : {"1", "2", "3"}) queue.add(job(id));
  EXPECT_EQ("1", queue.begin(kStart).job.job.id.value);
  EXPECT_EQ("2", queue.begin(kStart).job.job.id.value);
  queue.add(job("4", "provider:a"));
  EXPECT_EQ("3", queue.begin(kStart).job.job.id.value);
  EXPECT_EQ("4", queue.begin(kStart).job.job.id.value);
  EXPECT_FALSE(queue.may_begin(kStart));
}

TEST(JobQueue, KeepsThreadsFromADeadAddressForThoseWhoComeLater) {
  JobQueue queue(16);
  add(queue, 100, "provider:dead");
  EXPECT_EQ(14U, begin_all(queue, 16).size());
  EXPECT_EQ(0U, queue.held_up(kSoon)) << "it may be a healthy one";
  EXPECT_EQ(86U, queue.held_up(kLate));
  queue.add(job("late", "provider:healthy"));
  const auto begun = begin_all(queue, 16);
  ASSERT_EQ(1U, begun.size());
  EXPECT_EQ("late", begun.front().job.job.id.value);
}

TEST(JobQueue, TakesAnAddressForOneWhateverTheKeys) {
  JobQueue queue(16);
  for (const char* key : {"a", "b", "c", "d", "e", "f", "g", "h"}) {
    for (int number = 0; number < 3; ++number) {
      ClaimedJob one = job(std::to_string(number), "dead");
      one.provider.breaker = key;
      queue.add(one);
    }
  }
  EXPECT_EQ(14U, begin_all(queue, 16).size());
}

TEST(JobQueue, PrefersWhoIsWithinItsWindow) {
  JobQueue queue(16);
  add(queue, 100, "provider:dead");
  add(queue, 4, "provider:healthy");
  const auto begun = begin_all(queue, 8);
  int healthy = 0;
  for (const auto& one : begun) healthy += one.job.provider.address == "provider:healthy" ? 1 : 0;
  EXPECT_EQ(4, healthy) << "four of each";
}

TEST(JobQueue, GivesAQuickAddressAllThreads) {
  JobQueue queue(8);
  add(queue, 100, "provider:quick");
  for (int number = 0; number < 6; ++number) queue.finish(queue.begin(kStart), kSoon);
  EXPECT_EQ(8U, begin_all(queue, 8).size());
}

TEST(JobQueue, SetsASlowAddressBack) {
  JobQueue queue(8);
  add(queue, 100, "provider:slow");
  for (int number = 0; number < 6; ++number) queue.finish(queue.begin(kStart), kSoon);
  queue.finish(queue.begin(kStart), kLate);
  EXPECT_EQ(7U, begin_all(queue, 8).size());
}

TEST(JobQueue, UsesOneThreadAndTwo) {
  JobQueue one(1);
  add(one, 3, "provider:a");
  EXPECT_EQ(1U, begin_all(one, 1).size());
  JobQueue two(2);
  add(two, 3, "provider:a");
  EXPECT_EQ(1U, begin_all(two, 2).size());
  add(two, 3, "provider:b");
  EXPECT_EQ(1U, begin_all(two, 2).size());
}

TEST(JobQueue, HoldsUpNoJobThatCallsNobody) {
  JobQueue queue(4);
  add(queue, 10, "");
  EXPECT_EQ(0U, queue.held_up(kStart));
  EXPECT_EQ(4U, begin_all(queue, 4).size());
}

TEST(JobQueue, RunsOneOfThoseThatWereBrokenOffAtATime) {
  JobQueue queue(8);
  for (const char* id : {"1", "2"}) {
    ClaimedJob suspect = job(id);
    suspect.broken_off = true;
    queue.add(std::move(suspect));
  }
  const auto first = queue.begin(kStart);
  EXPECT_FALSE(queue.may_begin(kStart));
  EXPECT_EQ(1U, queue.held_up(kStart));
  queue.finish(first, kSoon);
  EXPECT_TRUE(queue.may_begin(kStart));
}

TEST(JobQueue, GivesBackWhatHasNotBegunInOrder) {
  JobQueue queue(4);
  queue.add(job("1", "provider:a"));
  queue.add(job("2"));
  queue.add(job("3", "provider:a"));
  (void)queue.begin(kStart);
  std::vector<std::string> ids;
  for (const ClaimedJob& left : queue.take_unstarted()) ids.push_back(left.job.id.value);
  EXPECT_THAT(ids, ElementsAre("2", "3"));
  EXPECT_EQ(0U, queue.unstarted());
  EXPECT_FALSE(queue.may_begin(kStart));
}

TEST(JobQueue, DoesNotWidenWhatHasBecomeSlow) {
  JobQueue queue(16);
  add(queue, 40, "provider:dying");
  for (int number = 0; number < 12; ++number) queue.finish(queue.begin(kStart), kSoon);
  for (int number = 0; number < 10; ++number) (void)queue.begin(kSoon);
  add(queue, 100, "");
  std::vector<JobQueue::Begun> others;
  while (queue.running() < 16) others.push_back(queue.begin(kLate));
  for (const JobQueue::Begun& other : others) EXPECT_EQ("", other.job.provider.address);
  for (int number = 0; number < 20; ++number) {
    queue.finish(others.back(), kLate);
    others.back() = queue.begin(kLate);
    EXPECT_EQ("", others.back().job.provider.address);
  }
}

TEST(JobQueue, CountsOneThatWasBrokenOffWithThoseOfItsAddress) {
  JobQueue queue(4);
  add(queue, 10, "provider:dead");
  ASSERT_EQ(3U, begin_all(queue, 4).size());
  ClaimedJob suspect = job("suspect", "provider:dead");
  suspect.broken_off = true;
  queue.add(suspect);
  EXPECT_FALSE(queue.may_begin(kStart)) << "the reserve is for others";
}

}  // namespace
}  // namespace autoreply
