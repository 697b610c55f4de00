#include "run/breaker_reports.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace autoreply {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using Sign = CallReport::Sign;

BreakerReport report_of(const std::string& job, const std::string& wide, Sign sign) {
  return {.peer = {.name = wide, .label = "the " + wide},
          .report = {.job = {job},
                     .sign = sign,
                     .began_at = 1'000,
                     .workspace_id = "w1",
                     .reason = "key refused"}};
}

LockedBreakers locked_for(const std::vector<BreakerReport>& reports) {
  LockedBreakers locked{.now = 2'000, .breakers = {}, .workspaces = {}};
  const BreakersToLock wanted = breakers_to_lock(reports);
  for (const Peer& peer : wanted.peers) locked.breakers[peer.name] = {};
  for (const std::string& workspace : wanted.workspaces) locked.workspaces[workspace] = {};
  return locked;
}

TEST(BreakersToLock, AreInOneOrderWhateverTheOrderOfTheReports) {
  std::vector<BreakerReport> reports{report_of("1", "b", Sign::down),
                                     report_of("2", "a", Sign::refused),
                                     report_of("3", "b", Sign::down)};
  reports[0].narrow = {.name = "a/w1", .label = "a for w1"};  // a narrow one follows its wide one
  const Peer a{.name = "a", .label = "the a"};
  const Peer b{.name = "b", .label = "the b"};
  EXPECT_THAT(breakers_to_lock(reports).peers, ElementsAre(a, b, reports[0].narrow));
  EXPECT_THAT(breakers_to_lock(reports).workspaces, ElementsAre("w1"));
}

TEST(BreakersToLock, HaveNoNarrowOneThatTheReportCannotChange) {
  std::vector<BreakerReport> reports{report_of("1", "a", Sign::up),
                                     report_of("2", "a", Sign::throttled),
                                     report_of("3", "a", Sign::nothing)};
  for (BreakerReport& report : reports) report.narrow = {.name = "a/w1"};
  EXPECT_THAT(breakers_to_lock(reports).peers, SizeIs(1));
}

TEST(CountedReports, BuildOnEachOther) {
  const std::vector<BreakerReport> reports{report_of("1", "a", Sign::down),
                                           report_of("2", "a", Sign::down),
                                           report_of("3", "a", Sign::down),
                                           report_of("4", "b", Sign::down)};
  std::vector<BreakerReport> of_provider = reports;
  for (BreakerReport& report : of_provider) report.rules = kProviderRules;
  const CountedReports counted = count_reports(of_provider, locked_for(of_provider));
  ASSERT_THAT(counted.reported, SizeIs(4));
  EXPECT_FALSE(counted.reported[1].breaker.is_open());
  EXPECT_TRUE(counted.reported[2].breaker.is_open());
  EXPECT_THAT(counted.reported[3].breaker.failures, SizeIs(1));
  ASSERT_THAT(counted.changed, SizeIs(2)) << "each breaker is written once";
  EXPECT_EQ("a", counted.changed[0].peer.name);
  EXPECT_EQ(counted.reported[2].breaker, counted.changed[0].breaker);
}

TEST(CountedReports, ThatChangeNothingWriteNothing) {
  const std::vector<BreakerReport> reports{report_of("1", "a", Sign::nothing)};
  EXPECT_THAT(count_reports(reports, locked_for(reports)).changed, IsEmpty());
}

}  // namespace
}  // namespace autoreply
