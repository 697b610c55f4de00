// The breaker of a provider's key, which is throttled and loaded slowly after trouble.

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "job/breaker.h"

namespace autoreply {
namespace {

using Kind = Admission::Kind;
using Sign = CallReport::Sign;
using std::chrono::seconds;

/// The breaker of a provider's key. Its clock advances by a second with every report.
class TriedKey {
 public:
  TriedKey& report(const std::string& job,
                   Sign sign,
                   bool probe = false,
                   seconds wait = seconds{0}) {
    now_ += 1'000;
    return report_of_call_at(now_, job, sign, probe, wait);
  }
  TriedKey& report_of_call_at(DatabaseTime began,
                              const std::string& job,
                              Sign sign,
                              bool probe = false,
                              seconds wait = seconds{0}) {
    breaker = after_report(breaker, {{job}, sign, began, probe, wait}, now_, kProviderRules);
    return *this;
  }
  TriedKey& open() {
    for (const char* job : {"1", "2", "3"}) report(job, Sign::down);
    return *this;
  }
  TriedKey& successes(int count) {
    for (int number = 0; number < count; ++number) report("up", Sign::up);
    return *this;
  }
  void pass(seconds time) { now_ += time.count() * 1'000; }
  [[nodiscard]] Admission admitted() const { return admission(breaker, now_); }
  [[nodiscard]] DatabaseTime now() const { return now_; }

  Breaker breaker;

 private:
  DatabaseTime now_ = 1'700'000'000'000;
};

TEST(ProviderBreaker, OpensAfterThreeFailuresOfDifferentJobs) {
  TriedKey key;
  key.report("2", Sign::down).report("other", Sign::up).report("3", Sign::down);
  EXPECT_EQ(Kind::all, key.admitted().kind) << "others succeed";
  EXPECT_EQ(Kind::none, key.open().admitted().kind);
}

TEST(ProviderBreaker, IsLoadedSlowlyAfterItClosed) {
  TriedKey key;
  key.open().report("probe", Sign::up, true);
  for (const int expected : {1, 2, 4, 8, 16, 32, 64}) {
    EXPECT_EQ((Admission{Kind::few, expected}), key.admitted());
    key.successes(expected);
  }
  EXPECT_EQ(Kind::all, key.admitted().kind);
  EXPECT_TRUE(key.breaker.is_clean());
}

TEST(ProviderBreaker, LeavesAThrottledKeyAloneAsLongAsItAsks) {
  TriedKey key;
  key.report("1", Sign::throttled, false, seconds{20});
  EXPECT_EQ(Kind::none, key.admitted().kind);
  key.pass(seconds{19});
  EXPECT_EQ(Kind::none, key.admitted().kind);
  key.pass(seconds{1});
  EXPECT_EQ((Admission{Kind::few, 1}), key.admitted());
  key.successes(1);
  EXPECT_EQ((Admission{Kind::few, 2}), key.admitted());
  EXPECT_FALSE(key.breaker.blocked_until);
}

TEST(ProviderBreaker, TakesTheLongestOfSeveralWaits) {
  TriedKey key;
  const DatabaseTime began = key.now();
  key.report("1", Sign::throttled, false, seconds{300});
  key.report_of_call_at(began, "2", Sign::throttled, false, seconds{5});
  key.pass(seconds{290});
  EXPECT_EQ(Kind::none, key.admitted().kind);
  TriedKey other;
  const DatabaseTime before = other.now();
  other.report("1", Sign::throttled, false, seconds{5});
  other.report_of_call_at(before, "2", Sign::throttled, false, seconds{60});
  other.pass(seconds{50});
  EXPECT_EQ(Kind::none, other.admitted().kind) << "a late answer tells the wait all the same";
}

TEST(ProviderBreaker, IsNotUnblockedByAnAnswerToAnEarlierCall) {
  TriedKey key;
  const DatabaseTime began = key.now();
  key.report("1", Sign::throttled, false, seconds{20});
  key.report_of_call_at(began, "2", Sign::up);
  EXPECT_EQ(Kind::none, key.admitted().kind);
  key.report("3", Sign::up);
  EXPECT_EQ(Kind::none, key.admitted().kind);
}

TEST(ProviderBreaker, StaysOpenAfterAProbeThatWasThrottled) {
  TriedKey key;
  key.open();
  const auto pause = key.breaker.pause;
  key.pass(seconds{5});
  ASSERT_EQ(Kind::one_probe, key.admitted().kind);
  key.breaker = with_probe(key.breaker, key.now(), seconds{120});
  key.report("probe", Sign::throttled, true, seconds{30});
  EXPECT_TRUE(key.breaker.is_open());
  EXPECT_EQ(pause, key.breaker.pause);
  EXPECT_EQ(Kind::none, key.admitted().kind);
  key.pass(seconds{30});
  EXPECT_EQ(Kind::one_probe, key.admitted().kind);
}

TEST(ProviderBreaker, IsClosedByItsProbeWhateverAnEarlierCallIsAnswered) {
  TriedKey key;
  const DatabaseTime earlier = key.now();
  key.open();
  key.pass(seconds{5});
  key.breaker = with_probe(key.breaker, key.now(), seconds{120});
  const DatabaseTime probe_began = key.now();
  key.pass(seconds{3});
  key.report_of_call_at(earlier, "late", Sign::throttled, false, seconds{10});
  EXPECT_TRUE(key.breaker.probing_until) << "the probe is still under way";
  key.pass(seconds{1});
  key.report_of_call_at(probe_began, "probe", Sign::up, true);
  EXPECT_FALSE(key.breaker.is_open());
  EXPECT_EQ(Kind::none, key.admitted().kind) << "the wait is obeyed all the same";
  key.pass(seconds{10});
  EXPECT_EQ((Admission{Kind::few, 1}), key.admitted());
}

TEST(ProviderBreaker, LeavesAKeyAloneThatIsDownForAsLongAsItSays) {
  TriedKey key;
  key.report("1", Sign::down, false, seconds{60});
  EXPECT_FALSE(key.breaker.is_open());
  key.pass(seconds{59});
  EXPECT_EQ(Kind::none, key.admitted().kind);
  key.pass(seconds{1});
  EXPECT_EQ(Kind::all, key.admitted().kind);
  key.report("2", Sign::down).report("3", Sign::down);
  EXPECT_TRUE(key.breaker.is_open()) << "it counts as a failure, too";
}

TEST(ProviderBreaker, OpensAgainWhileItIsLoadedSlowly) {
  TriedKey key;
  key.open().report("probe", Sign::up, true).open();
  EXPECT_TRUE(key.breaker.is_open());
  EXPECT_EQ(Kind::none, key.admitted().kind);
}

TEST(ProviderBreaker, KnowsSinceWhenThePeerFails) {
  TriedKey key;
  key.report("1", Sign::down);
  const DatabaseTime since = key.now();
  key.report("2", Sign::down).report("3", Sign::down);
  EXPECT_EQ(since, key.breaker.failing_since);
  key.report("probe", Sign::up, true);
  EXPECT_FALSE(key.breaker.failing_since);
}

}  // namespace
}  // namespace autoreply
