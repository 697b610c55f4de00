#include "store/postgres/connection_string.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace autoreply {
namespace {

using testing::HasSubstr;
using testing::Not;

ConnectionParameters parsed(std::string_view url) {
  auto parameters = parse_connection_string(url);
  if (!parameters) throw std::runtime_error(parameters.error().message);
  return std::move(*parameters);
}

TEST(ConnectionString, BecomesParameters) {
  const auto parameters = parsed("postgresql://ann@db.example:6543/shop");
  EXPECT_EQ("ann", parameters["user"]);
  EXPECT_EQ("db.example", parameters["host"]);
  EXPECT_EQ("6543", parameters["port"]);
  EXPECT_EQ("shop", parameters["dbname"]);
}

TEST(ConnectionString, TakesTheShortSchemeToo) {
  EXPECT_EQ("db.example", parsed("postgres://db.example/shop")["host"]);
}

TEST(ConnectionString, TakesKeywordsAndValues) {
  EXPECT_EQ("my shop", parsed("host=db.example dbname='my shop'")["dbname"]);
}

TEST(ConnectionString, KeepsSpecialCharactersOfAPassword) {
  EXPECT_EQ("p@ss/w' &=%",
            parsed("postgresql://ann:p%40ss%2Fw%27%20%26%3D%25@db/shop")["password"]);
}

TEST(ConnectionString, KeepsParametersThatAreGiven) {
  const auto parameters = parsed(
      "postgresql://db/shop?sslmode=verify-full&connect_timeout=3&application_name=nightly"
      "&options=-c%20search_path%3Dlive");
  EXPECT_EQ("verify-full", parameters["sslmode"]);
  EXPECT_EQ("3", parameters["connect_timeout"]);
  EXPECT_EQ("nightly", parameters["application_name"]);
  EXPECT_EQ("-c search_path=live", parameters["options"]);
}

TEST(ConnectionString, NoticesADeadPeerUnlessToldOtherwise) {
  const auto parameters = parsed("postgresql://db/shop");
  EXPECT_EQ("10", parameters["connect_timeout"]);
  EXPECT_EQ("10", parameters["keepalives_idle"]);
  EXPECT_EQ("5", parameters["keepalives_interval"]);
  EXPECT_EQ("3", parameters["keepalives_count"]);
  EXPECT_EQ("20000", parameters["tcp_user_timeout"]);
  EXPECT_EQ("autoreply", parameters["fallback_application_name"]);
}

TEST(ConnectionString, NeverWaitsForAConnectionForEver) {
  EXPECT_EQ(std::chrono::seconds{10}, parsed("postgresql://db/shop").connect_timeout());
  EXPECT_EQ(std::chrono::seconds{3},
            parsed("postgresql://db/shop?connect_timeout=3").connect_timeout());
  EXPECT_EQ(std::chrono::seconds{60},
            parsed("postgresql://db/shop?connect_timeout=0").connect_timeout());
}

TEST(ConnectionString, KeepsSeveralHosts) {
  const auto parameters =
      parsed("postgresql://one:5432,two:5433/shop?target_session_attrs=read-write");
  EXPECT_EQ("one,two", parameters["host"]);
  EXPECT_EQ("5432,5433", parameters["port"]);
  EXPECT_EQ("read-write", parameters["target_session_attrs"]);
  EXPECT_EQ(2U, parameters.host_count());
}

TEST(ConnectionString, CanBeginWithAnyOfItsHosts) {
  const auto several = parsed("postgresql://one:1,two:2,three:3/shop").beginning_with_host(2);
  EXPECT_EQ("three,one,two", several["host"]);
  EXPECT_EQ("3,1,2", several["port"]);
  const auto one_port = parsed("host=one,two port=5433").beginning_with_host(1);
  EXPECT_EQ("two,one", one_port["host"]);
  EXPECT_EQ("5433", one_port["port"]);
  EXPECT_EQ("db", parsed("postgresql://db/shop").beginning_with_host(0)["host"]);
}

TEST(ConnectionString, KeepsASocketDirectoryAsHost) {
  EXPECT_EQ("/run/postgresql", parsed("postgresql://%2Frun%2Fpostgresql/shop")["host"]);
}

TEST(ConnectionString, KeepsAnIpVersionSixAddress) {
  EXPECT_EQ("2001:db8::1", parsed("postgresql://[2001:db8::1]:5432/shop")["host"]);
}

TEST(ConnectionString, IsMisconfiguredWhenMalformed) {
  for (const char* url :
       {"postgresql://db/shop?no_such_parameter=1", "postgresql://[::1/shop", "user='ann"}) {
    const auto parameters = parse_connection_string(url);
    ASSERT_FALSE(parameters) << url;
    EXPECT_EQ(ErrorKind::misconfigured, parameters.error().kind);
    EXPECT_THAT(parameters.error().message, Not(HasSubstr("\n")));
  }
}

TEST(ConnectionString, KeepsAnAtInItsParameters) {
  EXPECT_EQ("a@b", parsed("postgresql://db/shop?application_name=a@b")["application_name"]);
  EXPECT_EQ("a?b", parsed("postgresql://ann:a?b@db/shop")["password"]);
}

TEST(ConnectionString, RepeatsNothingOfItselfWhenMalformed) {
  for (const char* url : {"postgresql://app:S3CR%zz@127.0.0.1/x",
                          "postgresql://app:x%00S3CR@127.0.0.1/x",
                          "postgresql://app:S3CR%@127.0.0.1/x",
                          "postgresql://app:ab/S3CR@127.0.0.1:1/x",
                          "postgresql://app:12/S3CR@127.0.0.1:1/x",
                          "postgresql://app:S3CR/x@127.0.0.1:1/x",
                          "postgresql://app:12/a?S3CR@127.0.0.1:1/x",
                          "postgresql://app:12/a?S3CR=b@127.0.0.1:1/x",
                          "postgresql://app:ab/c?S3CR@127.0.0.1:1/x",
                          "postgresql://app:ab@S3CR@127.0.0.1:1/x",
                          "postgresql://app:S3CR@x@127.0.0.1:1/x",
                          "postgresql://app:@S3CR@127.0.0.1:1/x",
                          "postgresql://app:S3CR:x/y@127.0.0.1:1/x",
                          "postgresql://app:ab@127.0.0.1:S3CR/x",
                          "postgresql://app:ab@127.0.0.1:99999/S3CR",
                          "postgresql://app:ab@127.0.0.1/x?password=a&S3CR",
                          "postgresql://app:ab@127.0.0.1/x?password=a&S3CR=b",
                          "postgresql://app:ab@127.0.0.1/x?password=a=S3CR",
                          "postgresql://app:ab@127.0.0.1/x?password=S3CR%q",
                          "postgresql://app:ab@[::1]S3CR/x",
                          "postgresql://app:ab@[S3CR/x",
                          "host=h password='S3CR",
                          "host=h password=x S3CR",
                          "host=h S3CR=x"}) {
    const auto parameters = parse_connection_string(url);
    ASSERT_FALSE(parameters) << url;
    EXPECT_EQ(ErrorKind::misconfigured, parameters.error().kind) << url;
    EXPECT_THAT(parameters.error().message, Not(HasSubstr("S3CR"))) << url;
  }
}

}  // namespace
}  // namespace autoreply
