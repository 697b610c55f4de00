#include "cli/progress.h"

#include <gtest/gtest.h>

namespace autoreply {
namespace {

using std::chrono::milliseconds;

TEST(Progress, TellsTheRateAndTheTimeThatIsLeft) {
  EXPECT_EQ("enqueued [##########          ] 50 of 100, 25/s, 2s left",
            Progress::line("enqueued", 50, 100, milliseconds(2'000)));
  EXPECT_EQ("enqueued [####################] 100 of 100, 50/s",
            Progress::line("enqueued", 100, 100, milliseconds(2'000)));
  EXPECT_EQ("enqueued [                    ] 0 of 100, 0/s",
            Progress::line("enqueued", 0, 100, milliseconds(0)));
  EXPECT_EQ("counted 70, 35/s", Progress::line("counted", 70, 0, milliseconds(2'000)));
}

}  // namespace
}  // namespace autoreply
