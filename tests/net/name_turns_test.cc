#include "net/name_turns.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <vector>

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
  EXPECT_THAT(turns_.note_known(to_one_[0], now_), ElementsAre(&to_one_[1]));
  EXPECT_FALSE(turns_.leads(to_one_[0]));
  EXPECT_TRUE(turns_.enter(to_one_[2], now_ + NameTurns::kKnownFor / 2));
  EXPECT_FALSE(turns_.leads(to_one_[2])) << "it needs no look-up";
  EXPECT_TRUE(turns_.enter(to_one_[0], now_ + NameTurns::kKnownFor));
  EXPECT_TRUE(turns_.leads(to_one_[0])) << "libcurl may have forgotten it";
}

TEST_F(NameTurnsTest, LetAFewGoAtOnceToANameThatWasKnown) {
  EXPECT_TRUE(turns_.enter(to_one_[0], now_));
  EXPECT_THAT(turns_.note_known(to_one_[0], now_), IsEmpty());
  const auto later = now_ + NameTurns::kKnownFor;
  std::vector<Transfer> many(NameTurns::kLeadersMax + 2);
  for (std::size_t at = 0; at < many.size(); ++at) {
    many[at].name = to_one_[0].name;
    EXPECT_EQ(at < NameTurns::kLeadersMax, turns_.enter(many[at], later)) << at;
  }
  EXPECT_THAT(turns_.pass_on(many[0]), ElementsAre(&many[NameTurns::kLeadersMax]));
  EXPECT_THAT(turns_.note_known(many[1], later), ElementsAre(&many.back()));
}

TEST_F(NameTurnsTest, PassTheTurnOn) {
  for (Transfer& transfer : to_one_) static_cast<void>(turns_.enter(transfer, now_));
  EXPECT_THAT(turns_.pass_on(to_one_[0]), ElementsAre(&to_one_[1]));
  EXPECT_TRUE(turns_.leads(to_one_[1]));
  EXPECT_THAT(turns_.pass_on(to_one_[1]), ElementsAre(&to_one_[2]));
  EXPECT_THAT(turns_.pass_on(to_one_[2]), IsEmpty());
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
  EXPECT_THAT(turns_.note_known(to_one_[0], now_), ElementsAre(&to_one_[2]));
  EXPECT_THAT(turns_.note_unresolved(other_), IsEmpty());
}

}  // namespace
}  // namespace autoreply
