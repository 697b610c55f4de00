#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/uuid.h"
#include "support/store_test.h"

namespace autoreply::test {
namespace {

class InDoubt : public StoreTest {
 protected:
  ClaimedJob claim_with(int sends, const std::optional<std::string>& outcome) {
    const auto id = host().queue({.attempts = 1, .outcome = outcome});
    set(id, fmt::format("ai_log_id = {}, sends = {}", sql_literal(random_uuid()), sends));
    return claim_one(id);
  }
};
AUTOREPLY_ON_EVERY_DATABASE(InDoubt);

TEST_P(InDoubt, IsAJobThatWasSentAndNeverSettled) {
  const ClaimedJob job = claim_with(1, std::nullopt);
  EXPECT_TRUE(job.in_doubt);
  EXPECT_EQ(1, job.sends);
  EXPECT_TRUE(job.reply_log_id.has_value());
}

TEST_P(InDoubt, IsAJobThatWasSettledSo) {
  EXPECT_TRUE(claim_with(2, "retried: in doubt").in_doubt);
  EXPECT_TRUE(claim_with(2, "retried: in doubt (no answer)").in_doubt);
}

TEST_P(InDoubt, IsNoJobThatTheHostRefused) {
  EXPECT_FALSE(claim_with(1, "retried: callback").in_doubt);
  EXPECT_FALSE(claim_with(1, "deferred: callback down").in_doubt);
}

TEST_P(InDoubt, IsNoJobThatWasNeverSent) {
  EXPECT_FALSE(claim_with(0, std::nullopt).in_doubt);
  EXPECT_FALSE(claim_one(host().queue({})).in_doubt);
}

class CountDue : public StoreTest {
 protected:
  int count(const JobFilter& filter = {}) {
    ClaimRequest request = claim_request();
    request.filter = filter;
    const auto counted = waiting_in(store(), request);
    if (!counted) ADD_FAILURE() << counted.error().message;
    return counted ? counted->due : -1;
  }
};
AUTOREPLY_ON_EVERY_DATABASE(CountDue);

TEST_P(CountDue, CountsPendingAndLapsedJobsOnly) {
  EXPECT_EQ(0, count());
  host().queue({});
  host().queue({.next_attempt_in = 60});
  host().queue({.status = "complete"});
  host().queue({.status = "processing"});
  host().queue({.status = "processing", .claim_token = random_uuid(), .lease_in = -1});
  host().queue({.status = "processing", .claim_token = random_uuid(), .lease_in = 60});
  EXPECT_EQ(2, count());
}

TEST_P(CountDue, Filters) {
  host().queue({.workspace_id = "ws-1"});
  host().queue({.workspace_id = "ws-2"});
  JobFilter filter;
  filter.workspace_ids = {"ws-2"};
  EXPECT_EQ(1, count(filter));
}

TEST_P(CountDue, StopsAtAThousand) {
  constexpr int kRows = 1'100;
  std::string values;
  for (int row = 0; row < kRows; ++row) {
    values += fmt::format("{}('{}', 'ws-1', '{}', '{}', 'pending', {})",
                          row == 0 ? "" : ", ",
                          random_uuid(),
                          random_uuid(),
                          random_uuid(),
                          database().instant(-10));
  }
  database().execute(
      "insert into ai_response_queue (id, workspace_id, contact_id, message_id, status, "
      "next_attempt_at) values " +
      values);
  EXPECT_EQ(1'000, count());
}

}  // namespace
}  // namespace autoreply::test
