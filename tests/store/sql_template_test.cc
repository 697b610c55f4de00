#include "store/sql_template.h"

#include <array>
#include <optional>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

namespace autoreply {
namespace {

constexpr auto kFiles = std::to_array<SqlFile>({
    {"settle", "update {queue} where {held};", &Statements::settle},
    {"held", "{job}.token = {own job={job}}", nullptr},
    {"own", "'{job}'", nullptr},
    {"since", "x >= {since}", nullptr},
});

std::string filled_in(std::string_view text) {
  const SqlTemplate made(kFiles, [](std::string_view name) -> std::optional<std::string> {
    if (name == "queue") return "\"the queue\"";
    if (name == "q.column") return "cast(q.column as text)";
    return std::nullopt;
  });
  return made.filled_in(text);
}

TEST(SqlTemplate, FillsInValues) {
  EXPECT_EQ("from \"the queue\" q", filled_in("from {queue} q"));
  EXPECT_EQ("cast(q.column as text)", filled_in("{q.column}"));
}

TEST(SqlTemplate, FillsInFragmentsAndTheirArguments) {
  EXPECT_EQ("q.token = 'q'", filled_in("{held job=q}"));
  EXPECT_EQ("x >= cast(q.column as text)", filled_in("{since since={q.column}}"));
  EXPECT_EQ("x >=", filled_in("{since since=}")) << "an argument may be nothing";
}

TEST(SqlTemplate, LeavesOtherBracesAlone) {
  EXPECT_EQ("'{}' '{\"a\": {1}}' { }", filled_in("'{}' '{\"a\": {1}}' { }"));
}

TEST(SqlTemplate, RefusesWhatStandsForNothing) {
  EXPECT_THROW(filled_in("{unknown}"), std::logic_error);
  EXPECT_THROW(filled_in("{held}"), std::logic_error) << "its argument is missing";
  EXPECT_THROW(filled_in("{queue"), std::logic_error);
}

}  // namespace
}  // namespace autoreply
