#include "store/postgres/numbered_parameters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace autoreply {
namespace {

using testing::ElementsAre;

TEST(NumberedParameters, StandWhereTheNamesStood) {
  const auto statement = with_numbered_parameters("select :batch::jsonb, (:limit_2)");
  EXPECT_EQ("select $1::jsonb, ($2)", statement.sql);
  EXPECT_THAT(statement.names, ElementsAre("batch", "limit_2"));
}

TEST(NumberedParameters, CountEachPlace) {
  const auto statement = with_numbered_parameters(":a + :b + :a");
  EXPECT_EQ("$1 + $2 + $3", statement.sql);
  EXPECT_THAT(statement.names, ElementsAre("a", "b", "a"));
}

TEST(NumberedParameters, AreNotSeenInQuotedTextAndCasts) {
  for (const char* sql : {"select ':no' || 'it''s :no'",
                          R"(select "odd:no" from t)",
                          "x::text",
                          "'12:30'",
                          "a[1:2]",
                          "f(x := 1)",
                          "':open",
                          ":",
                          "::",
                          ""}) {
    const auto statement = with_numbered_parameters(sql);
    EXPECT_EQ(sql, statement.sql);
    EXPECT_TRUE(statement.names.empty()) << sql;
  }
}

}  // namespace
}  // namespace autoreply
