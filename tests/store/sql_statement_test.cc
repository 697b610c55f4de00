#include "store/sql_statement.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace autoreply {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

SqlStatement::Part numbered(std::string_view text) {
  const SqlStatement statement = SqlStatement::with_numbers(text);
  return statement.parts.at(0);
}

TEST(NumberedParameters, StandWhereTheNamesStood) {
  const auto part = numbered("select :batch::jsonb, (:limit_2)");
  EXPECT_EQ("select $1::jsonb, ($2)", part.sql);
  EXPECT_THAT(part.parameters, ElementsAre("batch", "limit_2"));
}

TEST(NumberedParameters, CountEachPlace) {
  const auto part = numbered(":a + :b + :a");
  EXPECT_EQ("$1 + $2 + $3", part.sql);
  EXPECT_THAT(part.parameters, ElementsAre("a", "b", "a"));
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
                          "::"}) {
    const auto part = numbered(sql);
    EXPECT_EQ(sql, part.sql);
    EXPECT_THAT(part.parameters, IsEmpty()) << sql;
  }
  EXPECT_THAT(SqlStatement::with_numbers("").parts, IsEmpty());
}

TEST(NamedParameters, KeepTheirNamesAndAreNamedOnce) {
  const SqlStatement statement = SqlStatement::with_names("select :a, :b, :a");
  ASSERT_THAT(statement.parts, SizeIs(1));
  EXPECT_EQ("select :a, :b, :a", statement.parts[0].sql);
  EXPECT_THAT(statement.parts[0].parameters, ElementsAre("a", "b"));
}

TEST(NamedParameters, AreThoseOfEachStatementOfAText) {
  const SqlStatement statement =
      SqlStatement::with_names("select :a;\nupdate t set x = ';' || :b;\n\n;\n");
  ASSERT_THAT(statement.parts, SizeIs(2));
  EXPECT_EQ("select :a", statement.parts[0].sql);
  EXPECT_THAT(statement.parts[0].parameters, ElementsAre("a"));
  EXPECT_EQ("update t set x = ';' || :b", statement.parts[1].sql);
  EXPECT_THAT(statement.parts[1].parameters, ElementsAre("b"));
}

TEST(SqlStatement, SharesANumberAmongTheOccurrencesOfAParameter) {
  const SqlStatement statement =
      SqlStatement::with_shared_numbers("select :a::int, ':b', :c, :a::text");
  ASSERT_EQ(1, statement.parts.size());
  EXPECT_EQ("select $1::int, ':b', $2, $1::text", statement.parts[0].sql);
  EXPECT_EQ((std::vector<std::string>{"a", "c"}), statement.parts[0].parameters);
}

}  // namespace
}  // namespace autoreply
