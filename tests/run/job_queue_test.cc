#include "run/job_queue.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "run/claimed_jobs.h"

namespace autoreply::test {
namespace {

using testing::ElementsAre;

void add(JobQueue& queue, int count, const std::string& provider) {
  for (int number = 0; number < count; ++number) queue.add(job(std::to_string(number), provider));
}

std::string id_of(const JobQueue::Begun& begun) {
  return begun.job.job.id.value;
}

std::vector<JobQueue::Begun> begin_all(JobQueue& queue) {
  std::vector<JobQueue::Begun> begun;
  while (queue.may_begin()) begun.push_back(queue.begin());
  return begun;
}

auto count_of(const std::vector<JobQueue::Begun>& begun, const std::string& address) {
  return std::count_if(
      begun.begin(), begun.end(), [&](const auto& one) { return address_of(one) == address; });
}

/// Makes a lane that runs nothing fail.
void let_fail(JobQueue& queue, const std::string& address) {
  queue.add(job("fails", address));
  queue.finish(queue.begin(), CallEnd::failed);
}

TEST(JobQueue, GivesTheJobsOfALaneInTheOrderInWhichTheyWereAdded) {
  JobQueue queue(8);
  for (const char* id : {"1", "2", "3"}) queue.add(job(id, "a"));
  for (const char* id : {"1", "2", "3"}) EXPECT_EQ(id, id_of(queue.begin()));
  EXPECT_FALSE(queue.may_begin());
}

TEST(JobQueue, LetsLanesTakeTurns) {
  JobQueue queue(1);
  add(queue, 3, "a");
  add(queue, 2, "b");
  add(queue, 1, "");
  std::vector<std::string> order;
  while (queue.may_begin()) {
    const auto begun = queue.begin();
    order.push_back(address_of(begun));
    queue.finish(begun, CallEnd::answered);
  }
  EXPECT_THAT(order, ElementsAre("a", "b", "", "a", "b", "a"));
}

TEST(JobQueue, GivesALoneLaneAllThreadsHoweverLongItsCallsTake) {
  for (const std::size_t threads : {1U, 2U, 3U, 8U, 256U}) {
    JobQueue queue(threads);
    add(queue, 1'000, "a");
    std::vector<JobQueue::Begun> running = begin_all(queue);
    EXPECT_EQ(threads, running.size());
    for (std::size_t ended = 0; ended < 1'000 - threads; ++ended) {
      queue.finish(running[ended % threads], CallEnd::answered);
      ASSERT_TRUE(queue.may_begin());
      running[ended % threads] = queue.begin();
      ASSERT_EQ(threads, queue.running());
    }
    EXPECT_EQ(0U, queue.unstarted());
  }
}

TEST(JobQueue, SharesTheThreadsEquallyBetweenLanesThatWait) {
  JobQueue queue(12);
  add(queue, 100, "a");
  add(queue, 100, "b");
  add(queue, 2, "c");
  const auto begun = begin_all(queue);
  EXPECT_EQ(5, count_of(begun, "a"));
  EXPECT_EQ(5, count_of(begun, "b"));
  EXPECT_EQ(2, count_of(begun, "c"));
}

TEST(JobQueue, GivesALaneThatCameLaterEachThreadUntilTheSharesAreEqual) {
  JobQueue queue(8);
  add(queue, 100, "slow");
  const auto slow = begin_all(queue);
  ASSERT_EQ(8U, slow.size());
  add(queue, 100, "late");
  for (std::size_t ended = 0; ended < 4; ++ended) {
    queue.finish(slow[ended], CallEnd::answered);
    EXPECT_EQ("late", address_of(queue.begin()));
  }
  queue.finish(slow[4], CallEnd::answered);
  EXPECT_EQ("slow", address_of(queue.begin()));
}

TEST(JobQueue, TakesAnAddressForOneWhateverTheKeys) {
  JobQueue queue(4);
  for (const char* key : {"a", "b", "c", "d"}) {
    ClaimedJob one = job(key, "dead");
    queue.add(one);
  }
  add(queue, 10, "healthy");
  EXPECT_EQ(2, count_of(begin_all(queue), "dead"));
}

TEST(JobQueue, KeepsFailingLanesTogetherToAQuarterWhileOthersWait) {
  JobQueue queue(16);
  for (const char* address : {"dead", "gone", "lost", "mute", "void"}) let_fail(queue, address);
  for (const char* address : {"dead", "gone", "lost", "mute", "void"}) add(queue, 50, address);
  add(queue, 50, "healthy");
  EXPECT_EQ(12, count_of(begin_all(queue), "healthy"));
  EXPECT_EQ(250U, queue.held_up() + 4U);
}

TEST(JobQueue, LeavesThreadsFreeOfAFailingLaneForThoseWhoComeLater) {
  JobQueue queue(16);
  let_fail(queue, "dead");
  add(queue, 100, "dead");
  EXPECT_EQ(86U, queue.held_up());
  EXPECT_EQ(14U, begin_all(queue).size());
  EXPECT_EQ(86U, queue.held_up());
  queue.add(job("late", "healthy"));
  const auto begun = begin_all(queue);
  ASSERT_EQ(1U, begun.size());
  EXPECT_EQ("late", id_of(begun.front()));
}

// All calls of the first wave are silent. The threads that they free go to other lanes.
TEST(JobQueue, LetsAnAddressThatFallsSilentKeepItsThreadsForOneTimeout) {
  JobQueue queue(8);
  add(queue, 100, "dying");
  const auto silent = begin_all(queue);
  ASSERT_EQ(8U, silent.size());
  add(queue, 100, "healthy");
  std::vector<JobQueue::Begun> next;
  for (const JobQueue::Begun& call : silent) {
    queue.finish(call, CallEnd::failed);
    next.push_back(queue.begin());
  }
  EXPECT_EQ(6, count_of(next, "healthy"));
  EXPECT_EQ(2, count_of(next, "dying"));
}

TEST(JobQueue, GivesALaneItsShareBackWithOneAnswer) {
  JobQueue queue(8);
  let_fail(queue, "mended");
  add(queue, 100, "mended");
  const auto begun = begin_all(queue);
  ASSERT_EQ(7U, begun.size());
  queue.finish(begun[0], CallEnd::none);
  EXPECT_EQ(1U, begin_all(queue).size()) << "no call says nothing";
  queue.finish(begun[1], CallEnd::answered);
  EXPECT_EQ(2U, begin_all(queue).size());
  EXPECT_EQ(0U, queue.held_up());
}

TEST(JobQueue, UsesFewThreads) {
  JobQueue one(1);
  let_fail(one, "a");
  add(one, 3, "a");
  EXPECT_EQ(1U, begin_all(one).size());
  JobQueue two(2);
  let_fail(two, "a");
  add(two, 3, "a");
  EXPECT_EQ(1U, begin_all(two).size());
  add(two, 3, "b");
  EXPECT_EQ(1, count_of(begin_all(two), "b"));
}

TEST(JobQueue, RunsOneOfThoseThatWereBrokenOffAtATime) {
  JobQueue queue(8);
  for (const char* id : {"1", "2", "3"}) queue.add(suspect(id, id));
  EXPECT_EQ(2U, queue.held_up());
  const auto first = queue.begin();
  EXPECT_EQ("1", id_of(first));
  EXPECT_FALSE(queue.may_begin());
  EXPECT_EQ(2U, queue.held_up());
  queue.finish(first, CallEnd::answered);
  EXPECT_EQ("2", id_of(queue.begin()));
}

TEST(JobQueue, RunsThemBetweenTheOthers) {
  JobQueue queue(4);
  add(queue, 100, "a");
  queue.add(suspect("suspect", "a"));
  const auto begun = begin_all(queue);
  EXPECT_EQ(1,
            std::count_if(begun.begin(), begun.end(), [](const auto& one) { return one.suspect; }));
}

TEST(JobQueue, CountsOneThatWasBrokenOffWithThoseOfItsAddress) {
  JobQueue queue(4);
  let_fail(queue, "dead");
  add(queue, 10, "dead");
  ASSERT_EQ(3U, begin_all(queue).size());
  queue.add(suspect("suspect", "dead"));
  EXPECT_FALSE(queue.may_begin()) << "the last thread is for others";
  queue.add(job("late", "healthy"));
  EXPECT_EQ("late", id_of(queue.begin()));
}

TEST(JobQueue, GivesBackWhatHasNotBegunInOrder) {
  JobQueue queue(4);
  queue.add(job("1", "a"));
  queue.add(job("2"));
  queue.add(suspect("3"));
  queue.add(job("4", "a"));
  const auto first = queue.begin();
  std::vector<std::string> ids;
  for (const ClaimedJob& left : queue.take_unstarted()) ids.push_back(left.job.id.value);
  ids.push_back(id_of(first));
  EXPECT_THAT(ids, testing::UnorderedElementsAre("1", "2", "3", "4"));
  ids.pop_back();
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
  EXPECT_EQ(0U, queue.unstarted());
  EXPECT_EQ(0U, queue.held_up());
  EXPECT_FALSE(queue.may_begin());
  queue.finish(first, CallEnd::answered);
  queue.add(job("5", "a"));
  EXPECT_EQ("5", id_of(queue.begin()));
}

// Even if one lane has an endless backlog, a job of another lane waits only a few turns.
TEST(JobQueue, StarvesNoLane) {
  JobQueue queue(2);
  add(queue, 4, "busy");
  auto running = begin_all(queue);
  queue.add(job("patient", "small"));
  int turns = 0;
  for (bool served = false; !served; ++turns) {
    ASSERT_LT(turns, 3);
    queue.add(job("more", "busy"));
    queue.finish(running.front(), CallEnd::answered);
    running.front() = queue.begin();
    served = id_of(running.front()) == "patient";
  }
}

TEST(JobQueue, ChoosesAmongManyLanesWithoutALookAtEach) {
  constexpr int kLanes = 5'000;
  JobQueue queue(16);
  for (int lane = 0; lane < kLanes; ++lane) add(queue, 2, "lane" + std::to_string(lane));
  // This would take many seconds if each job needed a look at each lane.
  for (int count = 0; count < 2 * kLanes; ++count) queue.finish(queue.begin(), CallEnd::answered);
  EXPECT_EQ(0U, queue.unstarted());
}

}  // namespace
}  // namespace autoreply::test
