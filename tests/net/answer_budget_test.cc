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
  AnswerBudgetTest() {
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
  void end(std::size_t number) { budget_.release(exchanges_.at(number)); }

  AnswerBudget budget_{100};
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

TEST(AnswerBudgetOfAStep, LetsTheOthersWaitForTheNextOne) {
  AnswerBudget budget(10 * AnswerBudget::kStepBytes);
  std::array<HttpExchange, 3> exchanges;
  const auto reads = [&](std::size_t number) {
    return exchanges.at(number).write_body(std::string(AnswerBudget::kStepBytes, 'x')) ==
           HttpExchange::Taken::all;
  };
  for (HttpExchange& exchange : exchanges) {
    exchange.budget = &budget;
    exchange.body_bytes_max = 5 * AnswerBudget::kStepBytes;
  }
  EXPECT_TRUE(reads(0));
  EXPECT_FALSE(budget.step_is_full()) << "nothing waits";
  EXPECT_FALSE(reads(1));
  EXPECT_FALSE(reads(2));
  EXPECT_TRUE(budget.step_is_full());
  EXPECT_EQ(nullptr, budget.next());

  budget.begin_step();
  EXPECT_EQ(&exchanges[1], budget.next());
  EXPECT_TRUE(reads(1));
  EXPECT_EQ(nullptr, budget.next()) << "the third waits for one more";
  EXPECT_TRUE(budget.step_is_full());

  budget.release(exchanges[2]);
  EXPECT_FALSE(budget.step_is_full()) << "it has ended";
  budget.begin_step();
  EXPECT_EQ(nullptr, budget.next());
}

TEST_F(AnswerBudgetTest, CountsNothingOfAnAnswerOverItsOwnLimit) {
  EXPECT_EQ(HttpExchange::Taken::no, exchanges_[0].write_body(std::string(81, 'x')));
  EXPECT_EQ(0U, budget_.used());
}

}  // namespace
}  // namespace autoreply
