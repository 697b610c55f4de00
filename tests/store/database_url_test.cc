#include "store/database_url.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace autoreply {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(DatabaseUrl, IsCheckedWithoutBeingRepeated) {
  for (const char* url :
       {"", "queue.db", "sqlite:", "oracle://scott:S3CR@db/x", "mysql://S3CR", "postgresql:S3CR"}) {
    const auto fit = check_database_url(url);
    ASSERT_FALSE(fit) << url;
    EXPECT_THAT(fit.error().message, HasSubstr("sqlite:PATH")) << url;
    EXPECT_THAT(fit.error().message, Not(HasSubstr("S3CR"))) << url;
  }
  EXPECT_FALSE(check_database_url("postgresql://u:S3CR%zz@h/d"));
  EXPECT_TRUE(check_database_url("postgres://u:p@h/d"));
  EXPECT_TRUE(check_database_url("sqlite:x.db"));
}

TEST(DatabaseUrl, IsNamedByWhereItLeadsAndNeverByThePassword) {
  EXPECT_EQ("shop on db.example:6543", database_label("postgresql://u:S3CR@db.example:6543/shop"));
  EXPECT_EQ("shop on one,two:1,2", database_label("postgresql://u@one:1,two:2/shop?password=S3CR"));
  EXPECT_EQ("/var/lib/x.db", database_label("sqlite:/var/lib/x.db"));
  EXPECT_EQ((std::filesystem::current_path() / "x.db").string(), database_label("sqlite:./x.db"));
}

}  // namespace
}  // namespace autoreply
