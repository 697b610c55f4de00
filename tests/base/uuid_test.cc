#include "base/uuid.h"

#include <gtest/gtest.h>

namespace autoreply {
namespace {

// The namespace for DNS names and its example from RFC 9562, appendix A.4.
constexpr const char* kDnsNamespace = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";

TEST(UuidV5, GivesTheExampleOfTheRfc) {
  EXPECT_EQ("2ed6657d-e927-568b-95e1-2665a8aea6a2", uuid_v5(kDnsNamespace, "www.example.com"));
}

TEST(UuidV5, IsTheSameForTheSameNameOnly) {
  EXPECT_EQ(uuid_v5(kDnsNamespace, "a"), uuid_v5(kDnsNamespace, "a"));
  EXPECT_NE(uuid_v5(kDnsNamespace, "a"), uuid_v5(kDnsNamespace, "b"));
}

TEST(RandomUuid, IsVersionFourAndNeverTheSame) {
  const std::string first = random_uuid();
  EXPECT_TRUE(is_uuid(first)) << first;
  EXPECT_EQ('4', first[14]);
  EXPECT_NE(first, random_uuid());
}

TEST(IsUuid, KnowsTheForm) {
  EXPECT_TRUE(is_uuid("6BA7B810-9dad-11d1-80b4-00c04fd430c8"));
  EXPECT_FALSE(is_uuid("6ba7b8109dad11d180b400c04fd430c8"));
  EXPECT_FALSE(is_uuid("6ba7b810-9dad-11d1-80b4-00c04fd430cg"));
  EXPECT_FALSE(is_uuid(""));
}

}  // namespace
}  // namespace autoreply
