#include "store/postgres/connection_string.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace autoreply {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string normalized(std::string_view url) {
  auto text = normalized_connection_string(url);
  return text ? *text : "error: " + text.error().message;
}

TEST(ConnectionString, BecomesAUriOfParameters) {
  EXPECT_THAT(normalized("postgresql://ann@db.example:6543/shop"),
              testing::AllOf(testing::StartsWith("postgresql:///?"),
                             HasSubstr("user=ann"),
                             HasSubstr("host=db.example"),
                             HasSubstr("port=6543"),
                             HasSubstr("dbname=shop")));
}

TEST(ConnectionString, TakesTheShortSchemeToo) {
  EXPECT_THAT(normalized("postgres://db.example/shop"), HasSubstr("host=db.example"));
}

TEST(ConnectionString, TakesKeywordsAndValues) {
  EXPECT_THAT(normalized("host=db.example dbname='my shop'"), HasSubstr("dbname=my%20shop"));
}

TEST(ConnectionString, KeepsSpecialCharactersOfAPassword) {
  const std::string once = normalized("postgresql://ann:p%40ss%2Fw%27%20%26%3D%25@db/shop");
  EXPECT_THAT(once, HasSubstr("password=p%40ss%2Fw%27%20%26%3D%25"));
}

TEST(ConnectionString, StaysTheSameWhenNormalizedTwice) {
  const std::string once = normalized("postgresql://ann:p%40ss@db/shop?sslmode=verify-full");
  EXPECT_EQ(once, normalized(once));
}

TEST(ConnectionString, KeepsParametersThatAreGiven) {
  const std::string text = normalized(
      "postgresql://db/shop?sslmode=verify-full&connect_timeout=3&application_name=nightly"
      "&options=-c%20search_path%3Dlive");
  EXPECT_THAT(text, HasSubstr("sslmode=verify-full"));
  EXPECT_THAT(text, HasSubstr("connect_timeout=3"));
  EXPECT_THAT(text, Not(HasSubstr("connect_timeout=10")));
  EXPECT_THAT(text, HasSubstr("application_name=nightly"));
  EXPECT_THAT(text, HasSubstr("options=-c%20search_path%3Dlive"));
}

TEST(ConnectionString, NoticesADeadPeerUnlessToldOtherwise) {
  const std::string text = normalized("postgresql://db/shop");
  EXPECT_THAT(text, HasSubstr("connect_timeout=10"));
  EXPECT_THAT(text, HasSubstr("keepalives_idle=10"));
  EXPECT_THAT(text, HasSubstr("keepalives_interval=5"));
  EXPECT_THAT(text, HasSubstr("keepalives_count=3"));
  EXPECT_THAT(text, HasSubstr("tcp_user_timeout=20000"));
  EXPECT_THAT(text, HasSubstr("fallback_application_name=autoreply"));
}

TEST(ConnectionString, KeepsSeveralHosts) {
  const std::string text =
      normalized("postgresql://one:5432,two:5433/shop?target_session_attrs=read-write");
  EXPECT_THAT(text, HasSubstr("host=one%2Ctwo"));
  EXPECT_THAT(text, HasSubstr("port=5432%2C5433"));
  EXPECT_THAT(text, HasSubstr("target_session_attrs=read-write"));
}

TEST(ConnectionString, KeepsASocketDirectoryAsHost) {
  EXPECT_THAT(normalized("postgresql://%2Frun%2Fpostgresql/shop"),
              HasSubstr("host=%2Frun%2Fpostgresql"));
}

TEST(ConnectionString, KeepsAnIpVersionSixAddress) {
  EXPECT_THAT(normalized("postgresql://[2001:db8::1]:5432/shop"),
              HasSubstr("host=2001%3Adb8%3A%3A1"));
}

TEST(ConnectionString, IsMisconfiguredWhenMalformed) {
  for (const char* url :
       {"postgresql://db/shop?no_such_parameter=1", "postgresql://[::1/shop", "user='ann"}) {
    const auto text = normalized_connection_string(url);
    ASSERT_FALSE(text) << url;
    EXPECT_EQ(ErrorKind::misconfigured, text.error().kind);
    EXPECT_THAT(text.error().message, Not(HasSubstr("\n")));
  }
}

}  // namespace
}  // namespace autoreply
