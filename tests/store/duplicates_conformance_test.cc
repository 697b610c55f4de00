#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/store_test.h"

namespace autoreply::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Two entries for one message. The host made the older one first.
class Duplicates : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (IsSkipped()) return;
    const HostJob first = host().job({.seconds_ago = 20});
    elder_ = first.id;
    younger_ = host().queue(
        {.contact_id = first.contact_id, .message_id = first.message_id, .seconds_ago = 10});
  }

  std::vector<std::string> claimable() { return ids(claim_all()); }
  std::vector<ClaimedJob> claim_all() {
    auto claim = claim_from(store(), claim_request());
    EXPECT_TRUE(claim) << claim.error().message;
    return claim ? std::move(claim->jobs) : std::vector<ClaimedJob>{};
  }
  bool is_answered_elsewhere() {
    const std::vector<ClaimedJob> jobs = claim_all();
    if (jobs.size() != 1) return false;
    const std::vector<StartRequest> requests{start_request(jobs[0])};
    const auto contexts = store().start(requests);
    EXPECT_TRUE(contexts && contexts->at(0));
    return contexts && contexts->at(0) && contexts->at(0)->answered_elsewhere;
  }

  std::string elder_;
  std::string younger_;
};
AUTOREPLY_ON_EVERY_DATABASE(Duplicates);

TEST_P(Duplicates, GoOneAfterTheOtherTheElderFirst) {
  EXPECT_THAT(claimable(), ElementsAre(elder_));
}

TEST_P(Duplicates, WaitWhileTheElderIsInDoubt) {
  set(elder_, "sends = 1, outcome = 'retried: in doubt'");
  set(elder_, "next_attempt_at = " + database().instant(100));
  EXPECT_THAT(claimable(), IsEmpty());
}

TEST_P(Duplicates, KeepNoOtherMessageOfTheContactWaiting) {
  set(elder_, "next_attempt_at = " + database().instant(100));
  const std::string contact = column(elder_, "contact_id");
  const std::string other = host().queue({.contact_id = contact,
                                          .message_id = host().message({.contact_id = contact}),
                                          .seconds_ago = 5});
  EXPECT_THAT(claimable(), ElementsAre(other));
}

TEST_P(Duplicates, AreAnsweredElsewhereIfTheEldersReplyMayHaveGoneOut) {
  set(elder_, "status = 'error', sends = 2, outcome = 'failed: delivery unknown'");
  EXPECT_TRUE(is_answered_elsewhere());
}

TEST_P(Duplicates, AreAnsweredIfTheElderEndedWithoutATransmission) {
  set(elder_, "status = 'error', sends = 0, outcome = 'failed: content filter'");
  EXPECT_FALSE(is_answered_elsewhere());
}

}  // namespace
}  // namespace autoreply::test
