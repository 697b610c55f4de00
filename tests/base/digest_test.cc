#include "base/digest.h"

#include <gtest/gtest.h>

namespace autoreply {
namespace {

// Examples from FIPS 180-4.
TEST(Digest, IsThatOfTheStandard) {
  EXPECT_EQ("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", sha256_hex("abc"));
  EXPECT_EQ("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", sha256_hex(""));
}

}  // namespace
}  // namespace autoreply
