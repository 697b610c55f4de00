#include "net/name_turns.h"

#include <array>
#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/transfer.h"

namespace autoreply {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class NameTurnsTest : public testing::Test {
 protected:
  NameTurnsTest() {
    for (Transfer& transfer : to_one_) transfer.name = "one.example:443";
    other_.name = "other.example:443";
  }

  NameTurns turns_;
  NameTurns::Instant now_;
  std::array<Transfer, 3> to_one_;
  Transfer other_;
};

TEST_F(NameTurnsTest, LetTheFirstGoAloneAndOtherNamesToo) {
  EXPECT_TRUE(turns_.enter(to_one_[0], now_));
  EXPECT_FALSE(turns_.enter(to_one_[1], now_));
  EXPECT_TRUE(turns_.enter(other_, now_));
  EXPECT_TRUE(turns_.leads(to_one_[0]));
  EXPECT_FALSE(turns_.leads(to_one_[1]));
}

TEST_F(NameTurnsTest, LetAllGoOnceTheNameIsResolvedUntilItIsForgotten) {
  EXPECT_TRUE(turns_.enter(to_one_[0], now_));
  EXPECT_FALSE(turns_.enter(to_one_[1], now_));
  EXPECT_THAT(turns_.note_resolved(to_one_[0], now_), ElementsAre(&to_one_[1]));
  EXPECT_FALSE(turns_.leads(to_one_[0]));
  EXPECT_TRUE(turns_.enter(to_one_[2], now_ + NameTurns::kKnownFor / 2));
  EXPECT_FALSE(turns_.leads(to_one_[2])) << "it needs no look-up";
  EXPECT_TRUE(turns_.enter(to_one_[0], now_ + NameTurns::kKnownFor));
  EXPECT_FALSE(turns_.enter(to_one_[1], now_ + NameTurns::kKnownFor));
}

TEST_F(NameTurnsTest, PassTheTurnOn) {
  for (Transfer& transfer : to_one_) static_cast<void>(turns_.enter(transfer, now_));
  EXPECT_EQ(&to_one_[1], turns_.pass_on(to_one_[0]));
  EXPECT_TRUE(turns_.leads(to_one_[1]));
  EXPECT_EQ(&to_one_[2], turns_.pass_on(to_one_[1]));
  EXPECT_EQ(nullptr, turns_.pass_on(to_one_[2]));
  EXPECT_TRUE(turns_.enter(to_one_[0], now_));
}

TEST_F(NameTurnsTest, ReturnThoseThatWaitedInVain) {
  for (Transfer& transfer : to_one_) static_cast<void>(turns_.enter(transfer, now_));
  EXPECT_THAT(turns_.note_unresolved(to_one_[0]), ElementsAre(&to_one_[1], &to_one_[2]));
  EXPECT_TRUE(turns_.enter(to_one_[1], now_)) << "a later one tries again";
  EXPECT_TRUE(turns_.leads(to_one_[1]));
}

TEST_F(NameTurnsTest, ForgetOneThatWaits) {
  for (Transfer& transfer : to_one_) static_cast<void>(turns_.enter(transfer, now_));
  turns_.leave(to_one_[1]);
  turns_.leave(other_);
  EXPECT_THAT(turns_.note_resolved(to_one_[0], now_), ElementsAre(&to_one_[2]));
  EXPECT_THAT(turns_.note_unresolved(other_), IsEmpty());
}

}  // namespace
}  // namespace autoreply
