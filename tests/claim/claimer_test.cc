#include "claim/claimer.h"

#include <set>
#include <stop_token>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/claims.h"
#include "support/fake_store.h"

namespace autoreply::test {
namespace {

using testing::SizeIs;
using Operation = FakeDatabase::Operation;

class ClaimerTest : public testing::Test {
 protected:
  /// Makes the route of each workspace need a key file.
  void need_key_files() {
    rules_.route_of = [this](const RouteRequest& request) -> std::optional<Route> {
      if (!read_.contains(request.workspace_id)) return std::nullopt;
      return Route{};
    };
    rules_.read_route = [this](const RouteRequest& request) {
      EXPECT_FALSE(database_.in_transaction) << "a slow disk would keep the claim lock";
      read_.insert(request.workspace_id);
      return Route{};
    };
  }

  Result<Claim> claim(int limit = 10) {
    auto store = database_.opener()();
    LeaseKeeper keeper(database_.opener(), std::chrono::minutes(2), log_);
    return Claimer(**store, rules_).claim(limit, keeper, std::stop_token());
  }

  FakeDatabase database_;
  const ClaimRequest request_ = claim_request();
  ClaimRules rules_ = static_cast<const ClaimRules&>(request_);
  std::set<std::string> read_;
  const Log log_{LogLevel::error, LogFormat::text, "run"};
};

TEST_F(ClaimerTest, ReadsTheKeyFilesItNeedsBetweenTransactions) {
  need_key_files();
  for (const char* workspace : {"a", "b", "c"}) database_.queue.add_many(2, workspace);
  const auto claimed = claim();
  ASSERT_TRUE(claimed) << claimed.error().message;
  EXPECT_THAT(claimed->jobs, SizeIs(6));
  EXPECT_THAT(read_, SizeIs(3));
}

TEST_F(ClaimerTest, ReadsEachKeyFileOnceWhateverIsForgottenMeanwhile) {
  int reads = 0;
  int transactions = 0;
  rules_.route_of = [](const RouteRequest&) { return std::nullopt; };
  rules_.read_route = [&](const RouteRequest&) {
    ++reads;
    return Route{};
  };
  database_.before = [&](Operation) { ++transactions; };
  for (int number = 0; number < 50; ++number) database_.queue.add("ws-" + std::to_string(number));
  const auto claimed = claim(50);
  ASSERT_TRUE(claimed) << claimed.error().message;
  EXPECT_THAT(claimed->jobs, SizeIs(50));
  EXPECT_EQ(50, reads);
  EXPECT_EQ(2, transactions) << "all of them are read between two tries";
}

TEST_F(ClaimerTest, ReadsThemForPreviewsAndCountsToo) {
  need_key_files();
  database_.queue.add_many(2, "a");
  auto store = database_.opener()();
  const auto waiting = Claimer(**store, rules_).count_waiting();
  ASSERT_TRUE(waiting);
  EXPECT_EQ(2, waiting->due);
  read_.clear();
  const auto previews = Claimer(**store, rules_).preview(10);
  ASSERT_TRUE(previews);
  EXPECT_THAT(*previews, SizeIs(2));
  EXPECT_TRUE(database_.queue.rows.front().is_due()) << "a preview writes nothing";
}

TEST_F(ClaimerTest, TakesItsTurnWhenOtherRunsLetGoOfTheLock) {
  database_.queue.add("a");
  database_.fail_next(Operation::claim, ErrorKind::busy, 2);
  const auto claimed = claim();
  ASSERT_TRUE(claimed);
  EXPECT_THAT(claimed->jobs, SizeIs(1));
}

TEST_F(ClaimerTest, MakesAnErrorOfADefectInsideTheTransaction) {
  database_.queue.add("a");
  database_.queue.on_take = [](std::vector<ClaimedJob>& jobs) { jobs.front().token = {"other"}; };
  const auto claimed = claim();
  ASSERT_FALSE(claimed);
  EXPECT_EQ(ErrorKind::internal, claimed.error().kind);
}

TEST_F(ClaimerTest, GivesUpIfTheLockIsNeverLetGo) {
  database_.queue.add("a");
  database_.fail_next(Operation::claim, ErrorKind::busy, 99);
  const auto claimed = claim();
  ASSERT_FALSE(claimed);
  EXPECT_EQ(ErrorKind::busy, claimed.error().kind);
}

}  // namespace
}  // namespace autoreply::test
