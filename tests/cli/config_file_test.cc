#include "cli/config_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace autoreply {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// Renders each entry as "line: section.name=value|value".
std::string rendered(std::string_view text) {
  const auto entries = parse_config(text);
  if (!entries) return entries.error().message;
  std::string result;
  for (const ConfigEntry& entry : *entries) {
    result += fmt::format("{}{}: {}.{}={}",
                          result.empty() ? "" : "; ",
                          entry.line,
                          entry.section,
                          entry.name,
                          fmt::join(entry.values, "|"));
  }
  return result;
}

TEST(ParseConfig, ReadsEveryFormOfAValue) {
  for (const auto& [text, read] : {
           std::pair{"", ""},
           {"# nothing\n; nothing\n\n", ""},
           {"limit = 5", "1: .limit=5"},
           {"\xEF\xBB\xBFlimit=5\r\n\r\nlease = 90s\r\n", "1: .limit=5; 3: .lease=90s"},
           {"drain", "1: .drain=true"},
           {"drain # always", "1: .drain=true"},
           {"a = \"x y\" # note", "1: .a=x y"},
           {"a = 'x \\ \"y'", "1: .a=x \\ \"y"},
           {R"(a = "q\"b\\t")", R"(1: .a=q"b\t)"},
           {"a = bare word # note", "1: .a=bare word"},
           {"a = x#y", "1: .a=x#y"},
           {"a = \"x#y=z;[\"", "1: .a=x#y=z;["},
           {"\"a\" = 1", "1: .a=1"},
           {"a = [\"x\", 'y', z]", "1: .a=x|y|z"},
           {"a = [ # note\n  \"x\", # note\n\n  \"y#\",\n]\nb = 1", "1: .a=x|y#; 6: .b=1"},
           {"a = []", "1: .a="},
           {"a = \"\"", "1: .a="},
           {"[run]\nlimit = 5\n[default]\na = 1", "2: run.limit=5; 4: .a=1"},
           {"[ migrate ] # note\nb = 1", "2: migrate.b=1"},
           {"run.limit = 5", "1: run.limit=5"},
       }) {
    EXPECT_EQ(read, rendered(text)) << text;
  }
}

TEST(ParseConfig, NamesTheWrongLineAndRepeatsNothingOfIt) {
  for (const auto& [text, line] : {
           std::pair{"callback-token: S3CRET", "line 1: "},
           {"a = 1\nS3CRET+/x", "line 2: "},
           {"a = 1\nS3CRET+/x==", "line 2: "},
           {"a = \"S3CRET", "line 1: "},
           {"a = 'S3CRET", "line 1: "},
           {"a = \"\"\"S3CRET\n\"\"\"", "line 1: "},
           {R"(a = "S3CRET\d")", "line 1: "},
           {R"(a = "S3CRET\)", "line 1: "},
           {"a = \"S3\" CRET", "line 1: "},
           {"a =\n  S3CRET", "line 1: "},
           {"a = # S3CRET", "line 1: "},
           {"a = [\"S3CRET\"\n\"x\"]", "line 2: "},
           {"a = [\"S3CRET\",\n", "line 1: "},
           {"a = [\"S3CRET\"] x", "line 1: "},
           {"a = [, S3CRET]", "line 1: "},
           {"[S3 CRET]", "line 1: "},
           {"[S3CRET", "line 1: "},
           {"[run] S3CRET", "line 1: "},
           {"[[S3CRET]]", "line 1: "},
           {"S3 CRET = 1", "line 1: "},
       }) {
    EXPECT_THAT(rendered(text), StartsWith(line)) << text;
    EXPECT_THAT(rendered(text), Not(HasSubstr("S3"))) << text;
  }
}

TEST(ParseConfig, IsLinear) {
  const std::string many(1'000'000, '[');
  EXPECT_FALSE(parse_config(many));
  EXPECT_FALSE(parse_config("a = " + std::string(1'000'000, '"')));
  EXPECT_FALSE(parse_config("a = [" + std::string(1'000'000, ',')));
}

}  // namespace
}  // namespace autoreply
