#include "job/outcome.h"

#include <string>

#include <gtest/gtest.h>

namespace autoreply {
namespace {

TEST(OutcomeNote, IsTheWordAndTheReason) {
  EXPECT_EQ("completed", outcome_note(Outcome::completed, ""));
  EXPECT_EQ("retried: replied 503", outcome_note(Outcome::retried, "replied 503"));
  EXPECT_EQ("failed: two lines", outcome_note(Outcome::failed, "two\nlines"));
}

TEST(OutcomeNote, IsAtMost200Bytes) {
  EXPECT_EQ(200U, outcome_note(Outcome::retried, std::string(500, 'x')).size());
  EXPECT_EQ(200U, in_doubt_note(std::string(500, 'x'), true).size());
}

/// Rows written by other versions hold these texts. A customer with such a row must not get the
/// reply twice.
TEST(OutcomeNote, OfAJobInDoubtReadsAsInEveryOtherVersion) {
  EXPECT_EQ("retried: in doubt: replied 502", in_doubt_note("replied 502", false));
  EXPECT_EQ("retried: in doubt: kept until the callback takes another reply",
            in_doubt_note("kept until the callback takes another reply", true));
  EXPECT_EQ("retried: in doubt: kept until the callback takes another reply; replied 503",
            in_doubt_note("replied 503", true));
  EXPECT_EQ("skipped: superseded", outcome_note(Outcome::skipped, kSupersededReason));
  EXPECT_EQ("completed", kCompletedNote);
  EXPECT_EQ("retried", kRetriedNote);
  EXPECT_EQ("failed", kFailedNote);
}

TEST(OutcomeNote, NeverPutsAJobInDoubtByTheWordsOfAPeer) {
  EXPECT_EQ("retried: failed, in doubt about the model",
            outcome_note(Outcome::retried, "in doubt about the model"));
}

}  // namespace
}  // namespace autoreply
