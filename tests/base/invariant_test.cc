#include "base/invariant.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace autoreply {
namespace {

TEST(Invariant, OfOneJobThrows) {
  EXPECT_NO_THROW(require(true, "it holds"));
  EXPECT_THROW(require(false, "it does not"), std::logic_error);
}

TEST(InvariantDeathTest, OfOtherJobsEndsTheProcessWith70AndALine) {
  require_or_end(true, "it holds");
  EXPECT_EXIT(require_or_end(false, "the counts do not add up"),
              testing::ExitedWithCode(70),
              "^autoreply: a defect of autoreply: the counts do not add up\n$");
}

}  // namespace
}  // namespace autoreply
