#include "cli/progress.h"

#include <gtest/gtest.h>

namespace autoreply {
namespace {

TEST(Progress, TellsTheRateAndTheTimeThatIsLeft) {
  EXPECT_EQ("enqueued [##########          ] 50 of 100, 25/s, 2s left",
            Progress::line("enqueued", 50, 100, 25, 80));
  EXPECT_EQ("enqueued [####################] 100 of 100, 50/s",
            Progress::line("enqueued", 100, 100, 50, 80));
  EXPECT_EQ("counted 70, 35/s", Progress::line("counted", 70, 0, 35, 80));
}

TEST(Progress, TellsNoRateBeforeItIsKnown) {
  EXPECT_EQ("enqueued [                    ] 0 of 100",
            Progress::line("enqueued", 0, 100, std::nullopt, 80));
  EXPECT_EQ("done [                    ] 0 of 5, 0/s", Progress::line("done", 0, 5, 0, 80));
}

TEST(Progress, FitsTheTerminal) {
  EXPECT_EQ("done 50 of 100, 25/s, 2s left", Progress::line("done", 50, 100, 25, 40));
  EXPECT_EQ("done 50 of...", Progress::line("done", 50, 100, 25, 13));
}

}  // namespace
}  // namespace autoreply
