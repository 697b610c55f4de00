#include "job/breaker.h"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

namespace autoreply {
namespace {

using Sign = CallReport::Sign;
using std::chrono::seconds;

const BreakerRules kRules;

/// A breaker whose clock advances by a second with every report.
class Tried {
 public:
  Tried& report(const std::string& job, Sign sign, bool probe = false) {
    now_ += 1'000;
    return report_of_call_at(now_, job, sign, probe);
  }

  Tried& report_of_call_at(DatabaseTime began,
                           const std::string& job,
                           Sign sign,
                           bool probe = false) {
    breaker = after_report(breaker, {{job}, sign, began, probe}, now_, kRules);
    return *this;
  }

  Tried& failures(int count) {
    for (int number = 0; number < count; ++number) {
      report("job-" + std::to_string(number), Sign::down);
    }
    return *this;
  }

  void pass(seconds time) { now_ += time.count() * 1'000; }
  [[nodiscard]] Admission::Kind admitted() const { return admission(breaker, now_).kind; }
  [[nodiscard]] DatabaseTime now() const { return now_; }

  Breaker breaker;

 private:
  DatabaseTime now_ = 1'700'000'000'000;
};

TEST(Breaker, OpensAfterFiveFailuresOfDifferentJobs) {
  Tried tried;
  tried.failures(4);
  EXPECT_FALSE(tried.breaker.is_open());
  EXPECT_EQ(Admission::Kind::all, tried.admitted());
  tried.report("job-4", Sign::down);
  EXPECT_TRUE(tried.breaker.is_open());
  EXPECT_EQ(Admission::Kind::none, tried.admitted());
}

TEST(Breaker, OpensAfterThreeFailuresOfOneJob) {
  Tried tried;
  tried.report("job", Sign::down).report("job", Sign::down);
  EXPECT_FALSE(tried.breaker.is_open());
  tried.report("job", Sign::down);
  EXPECT_TRUE(tried.breaker.is_open());
}

TEST(Breaker, IsNotOpenedByOneJobWhoseNeighboursAreAnswered) {
  Tried tried;
  for (int count = 0; count < 20; ++count) {
    tried.report("job", Sign::down).report("neighbour", Sign::up);
  }
  EXPECT_FALSE(tried.breaker.is_open());
}

TEST(Breaker, CountsConsecutiveFailuresOnly) {
  Tried tried;
  tried.failures(4).report("another", Sign::up);
  EXPECT_TRUE(tried.breaker.is_clean());
  tried.failures(4);
  EXPECT_FALSE(tried.breaker.is_open());
}

TEST(Breaker, LearnsNothingFromJobsThatMadeNoCall) {
  Tried tried;
  tried.failures(4);
  const Breaker before = tried.breaker;
  tried.report("job-4", Sign::nothing);
  EXPECT_EQ(before, tried.breaker);
}

TEST(Breaker, LetsOneProbeThroughAfterFiveSeconds) {
  Tried tried;
  tried.failures(5);
  tried.pass(seconds{4});
  EXPECT_EQ(Admission::Kind::none, tried.admitted());
  tried.pass(seconds{1});
  EXPECT_EQ(Admission::Kind::one_probe, tried.admitted());
  tried.breaker = with_probe(tried.breaker, tried.now(), seconds{120});
  EXPECT_EQ(Admission::Kind::none, tried.admitted());
}

TEST(Breaker, IsNotKeptFromProbingByAProberThatDied) {
  Tried tried;
  tried.failures(5);
  tried.pass(seconds{5});
  tried.breaker = with_probe(tried.breaker, tried.now(), seconds{120});
  tried.pass(seconds{119});
  EXPECT_EQ(Admission::Kind::none, tried.admitted());
  tried.pass(seconds{1});
  EXPECT_EQ(Admission::Kind::one_probe, tried.admitted());
}

TEST(Breaker, LetsAnotherProbeThroughWhereTheFirstMadeNoCall) {
  Tried tried;
  tried.failures(5);
  tried.pass(seconds{5});
  tried.breaker = with_probe(tried.breaker, tried.now(), seconds{120});
  tried.report("probe", Sign::nothing, true);
  EXPECT_EQ(Admission::Kind::one_probe, tried.admitted());
}

TEST(Breaker, ClosesAfterAProbeThatIsAnswered) {
  Tried tried;
  tried.failures(5);
  tried.report("probe", Sign::up, true);
  EXPECT_TRUE(tried.breaker.is_clean());
  EXPECT_EQ(Admission::Kind::all, tried.admitted());
  tried.failures(4);
  EXPECT_FALSE(tried.breaker.is_open());
}

TEST(Breaker, DoublesThePauseAfterEachFailedProbeUpToFiveMinutes) {
  Tried tried;
  tried.failures(5);
  for (const int expected : {10, 20, 40, 80, 160, 300, 300}) {
    tried.pass(seconds{300});
    tried.breaker = with_probe(tried.breaker, tried.now(), seconds{120});
    tried.report("probe", Sign::down, true);
    EXPECT_EQ(seconds{expected}, tried.breaker.pause);
    tried.pass(seconds{expected - 1});
    EXPECT_EQ(Admission::Kind::none, tried.admitted());
    tried.pass(seconds{1});
    EXPECT_EQ(Admission::Kind::one_probe, tried.admitted());
  }
}

TEST(Breaker, LearnsNothingFromCallsThatBeganBeforeItsLastChange) {
  Tried tried;
  const DatabaseTime before = tried.now();
  tried.failures(5);
  const Breaker open = tried.breaker;
  tried.report_of_call_at(before, "slow", Sign::up);
  EXPECT_EQ(open, tried.breaker) << "a late success does not close it";
  tried.report("probe", Sign::up, true);
  for (int late = 0; late < 9; ++late) {
    tried.report_of_call_at(before, std::to_string(late), Sign::down);
  }
  EXPECT_TRUE(tried.breaker.is_clean()) << "late failures do not open it";
}

TEST(Breaker, KeepsItsPauseWhenOthersThanTheProbeFail) {
  Tried tried;
  tried.failures(5);
  const Breaker open = tried.breaker;
  tried.report("job-9", Sign::down);
  EXPECT_EQ(open, tried.breaker);
}

}  // namespace
}  // namespace autoreply
