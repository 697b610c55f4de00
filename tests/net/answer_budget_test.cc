#include "net/answer_budget.h"

#include <array>
#include <cstddef>
#include <string>

#include <gtest/gtest.h>

#include "net/http_exchange.h"

namespace autoreply {
namespace {

class AnswerBudgetTest : public testing::Test {
 protected:
  explicit AnswerBudgetTest(std::size_t step_bytes_max = 1'000) : budget_(100, step_bytes_max) {
    for (HttpExchange& exchange : exchanges_) {
      exchange.budget = &budget_;
      exchange.body_bytes_max = AnswerBudget::kFreeBytes + 80;
      EXPECT_EQ(HttpExchange::Taken::all,
                exchange.write_body(std::string(AnswerBudget::kFreeBytes, 'x')));
    }
    EXPECT_EQ(0U, budget_.used());
  }

  bool reads(std::size_t number, std::size_t bytes) {
    return exchanges_.at(number).write_body(std::string(bytes, 'x')) == HttpExchange::Taken::all;
  }
  void end(std::size_t number) { budget_.release(budget_.end(exchanges_.at(number))); }

  AnswerBudget budget_;
  std::array<HttpExchange, 4> exchanges_;
};

TEST_F(AnswerBudgetTest, TakesWhatFits) {
  EXPECT_TRUE(reads(0, 50));
  EXPECT_TRUE(reads(1, 50));
  EXPECT_EQ(100U, budget_.used());
  EXPECT_EQ(nullptr, budget_.next());
}

TEST_F(AnswerBudgetTest, LetsOneGoBeyondItAndTheOthersWait) {
  EXPECT_TRUE(reads(0, 60));
  EXPECT_TRUE(reads(1, 60)) << "the first that goes beyond it";
  EXPECT_FALSE(reads(0, 10));
  EXPECT_FALSE(reads(2, 10));
  EXPECT_TRUE(reads(1, 20));
  EXPECT_EQ(140U, budget_.used());
  EXPECT_EQ(nullptr, budget_.next()) << "nothing was freed";
  end(1);
  EXPECT_EQ(&exchanges_[0], budget_.next());
  EXPECT_TRUE(reads(0, 10));
  EXPECT_EQ(&exchanges_[2], budget_.next());
  EXPECT_TRUE(reads(2, 10));
  EXPECT_EQ(nullptr, budget_.next());
  EXPECT_EQ(80U, budget_.used());
}

TEST_F(AnswerBudgetTest, AsksNoMoreOfThoseThatWaitThanFit) {
  EXPECT_TRUE(reads(0, 80));
  EXPECT_TRUE(reads(1, 80));
  EXPECT_FALSE(reads(2, 80));
  EXPECT_FALSE(reads(3, 80));
  end(0);
  EXPECT_EQ(&exchanges_[2], budget_.next());
  EXPECT_FALSE(reads(2, 80)) << "the second still goes beyond it";
  EXPECT_EQ(nullptr, budget_.next());
  end(1);
  EXPECT_EQ(&exchanges_[3], budget_.next());
  EXPECT_TRUE(reads(3, 80));
  EXPECT_EQ(&exchanges_[2], budget_.next());
  EXPECT_TRUE(reads(2, 80));
}

TEST_F(AnswerBudgetTest, ForgetsOneThatEndsWhileItWaits) {
  EXPECT_TRUE(reads(0, 80));
  EXPECT_TRUE(reads(1, 80));
  EXPECT_FALSE(reads(2, 80));
  end(2);
  EXPECT_EQ(nullptr, budget_.next());
  end(0);
  end(1);
  EXPECT_EQ(0U, budget_.used());
}

TEST_F(AnswerBudgetTest, KeepsWhatAnEndedOneHasTakenUntilItIsRead) {
  EXPECT_TRUE(reads(0, 80));
  EXPECT_TRUE(reads(1, 80)) << "goes beyond it";
  const AnswerBudget::Share beyond = budget_.end(exchanges_[1]);
  EXPECT_FALSE(reads(2, 80));
  EXPECT_EQ(nullptr, budget_.next());
  EXPECT_FALSE(budget_.wants_another_step());
  budget_.release(beyond);
  EXPECT_TRUE(budget_.wants_another_step());
  EXPECT_EQ(&exchanges_[2], budget_.next());
  EXPECT_TRUE(reads(2, 80)) << "now this one may go beyond it";
  EXPECT_EQ(160U, budget_.used());
}

TEST_F(AnswerBudgetTest, GivesWhatAnEndedOneHasTakenToOthersWhenItIsRead) {
  EXPECT_TRUE(reads(0, 50));
  EXPECT_TRUE(reads(1, 80)) << "goes beyond it";
  const AnswerBudget::Share share = budget_.end(exchanges_[0]);
  EXPECT_EQ(130U, budget_.used());
  EXPECT_FALSE(reads(2, 10));
  EXPECT_EQ(nullptr, budget_.next());
  budget_.release(share);
  EXPECT_EQ(&exchanges_[2], budget_.next());
  EXPECT_TRUE(reads(2, 10));
}

TEST_F(AnswerBudgetTest, TakesOneThatHasGrownOnlyIfItFits) {
  AnswerBudget budget(2 * AnswerBudget::kFreeBytes, 1);
  EXPECT_EQ(0U, budget.take_grown(AnswerBudget::kFreeBytes)->bytes);
  const auto share = budget.take_grown(AnswerBudget::kFreeBytes + 1);
  ASSERT_TRUE(share);
  EXPECT_EQ(AnswerBudget::kFreeBytes + 1, budget.used());
  EXPECT_FALSE(budget.take_grown(AnswerBudget::kFreeBytes + 1));
  budget.release(*share);
  EXPECT_EQ(0U, budget.used());
}

class AnswerBudgetOfAStep : public AnswerBudgetTest {
 protected:
  AnswerBudgetOfAStep() : AnswerBudgetTest(50) {}
};

TEST_F(AnswerBudgetOfAStep, LetsTheOthersWaitForTheNextOne) {
  EXPECT_TRUE(reads(0, 50));
  EXPECT_FALSE(budget_.wants_another_step()) << "nothing waits";
  EXPECT_FALSE(reads(1, 50));
  EXPECT_FALSE(reads(2, 50));
  EXPECT_TRUE(budget_.wants_another_step());
  EXPECT_EQ(nullptr, budget_.next());

  budget_.begin_step();
  EXPECT_EQ(&exchanges_[1], budget_.next());
  EXPECT_TRUE(reads(1, 50));
  EXPECT_EQ(nullptr, budget_.next()) << "the third waits for one more";
  EXPECT_TRUE(budget_.wants_another_step());

  end(2);
  EXPECT_FALSE(budget_.wants_another_step()) << "it has ended";
  budget_.begin_step();
  EXPECT_EQ(nullptr, budget_.next());
}

TEST_F(AnswerBudgetOfAStep, GivesFreedRoomToThoseThatWaitForItInFurtherSteps) {
  EXPECT_TRUE(reads(0, 50));
  budget_.begin_step();
  EXPECT_TRUE(reads(0, 30));
  EXPECT_TRUE(reads(1, 50)) << "goes beyond it";
  budget_.begin_step();
  EXPECT_FALSE(reads(2, 50));
  EXPECT_FALSE(reads(3, 30));
  end(0);
  end(1);
  EXPECT_EQ(&exchanges_[2], budget_.next());
  EXPECT_TRUE(reads(2, 50));
  EXPECT_EQ(nullptr, budget_.next()) << "the step is full";
  EXPECT_TRUE(budget_.wants_another_step()) << "there is room for the last one";
  budget_.begin_step();
  EXPECT_EQ(&exchanges_[3], budget_.next());
  EXPECT_TRUE(reads(3, 30));
}

TEST_F(AnswerBudgetOfAStep, AsksThoseFirstThatWaitForRoom) {
  EXPECT_TRUE(reads(0, 50));
  budget_.begin_step();
  EXPECT_TRUE(reads(1, 80)) << "goes beyond it, and fills the step";
  EXPECT_FALSE(reads(2, 10)) << "waits for a step";
  budget_.begin_step();
  EXPECT_FALSE(reads(3, 10)) << "waits for room";
  end(1);
  EXPECT_EQ(&exchanges_[3], budget_.next());
  EXPECT_TRUE(reads(3, 10));
  EXPECT_EQ(&exchanges_[2], budget_.next());
}

TEST_F(AnswerBudgetTest, CountsNothingOfAnAnswerOverItsOwnLimit) {
  EXPECT_EQ(HttpExchange::Taken::no, exchanges_[0].write_body(std::string(81, 'x')));
  EXPECT_EQ(0U, budget_.used());
}

}  // namespace
}  // namespace autoreply
