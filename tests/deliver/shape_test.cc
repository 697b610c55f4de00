#include "deliver/shape.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "deliver/segments.h"

namespace autoreply {
namespace {

constexpr std::size_t kRoom = 1'600;

std::string shaped(std::string_view text) {
  return shaped_for_sms(text, {kRoom});
}

TEST(ShapedForSms, LeavesPlainTextAlone) {
  for (const char* text : {"Yes, we are open until 6 PM.",
                           "2*3*4 = 24 and 2 * 3 = 6",
                           "snake_case and __init__.py? my_file_name.txt",
                           "See https://a.example/_x_/*y*?q=__z__ now",
                           "Call 555-0101 or use #3",
                           "Caf\u00E9 \U0001F600 ok",
                           "1. First\n2. Second",
                           "- one\n- two",
                           "a < b > c",
                           "5 ** 2",
                           "[not a link] (really)",
                           "2*3*4, 2**3 and 4*5cm",
                           "3. Mai ab 9 Uhr, 01. 02. 2026",
                           "007. Bond\n12) Twelve\n1. One\n1. One again",
                           "I <3 it & you, AT&T",
                           "$5* or 2.50*\n*without tax",
                           "C:\\path\\file",
                           "-5 degrees, +1 555 0101",
                           "-- yes --",
                           "Tick [ ] or [x]",
                           "~5 km, ~~",
                           "a_b_c@mail.example",
                           "See https://a.example/a_(b)_c, or www.a.example/*x*."}) {
    EXPECT_EQ(text, shaped(text));
  }
}

TEST(ShapedForSms, TakesMarkdownOut) {
  EXPECT_EQ("We are open today.", shaped("We are **open** *today*."));
  EXPECT_EQ("We are open today.", shaped("We are __open__ _today_."));
  EXPECT_EQ("both at once", shaped("***both*** ~~at~~ once"));
  EXPECT_EQ("Hours\nMon to Fri", shaped("## Hours ##\nMon to Fri"));
  EXPECT_EQ("- one\n- two\n- three", shaped("* one\n+ two\n- three"));
  EXPECT_EQ("Run ls -l now", shaped("Run `ls -l` now"));
  EXPECT_EQ("make all\nDone", shaped("```sh\nmake all\n```\nDone"));
  EXPECT_EQ("our site (https://a.example/b_c_d)", shaped("[our site](https://a.example/b_c_d)"));
  EXPECT_EQ("https://a.example", shaped("[https://a.example](https://a.example)"));
  EXPECT_EQ("https://a.example", shaped("**https://a.example**"));
  EXPECT_EQ("quoted", shaped("> quoted"));
  EXPECT_EQ("above\nbelow", shaped("above\n---\nbelow"));
  EXPECT_EQ("Bold: and bold", shaped("**Bold:** and **bold**"));
  EXPECT_EQ("bold in italic", shaped("*bold **in** italic*"));
}

TEST(ShapedForSms, TakesOutWhatAnOwnReaderMissed) {
  EXPECT_EQ("not *bold*", shaped("not \\*bold\\*"));
  EXPECT_EQ("Tom & Jerry \"x\"", shaped("Tom &amp; Jerry &quot;x&quot;"));
  EXPECT_EQ("map (https://a.example/(x))", shaped("[map](https://a.example/(x))"));
  EXPECT_EQ("map (https://a.example)", shaped("[map](https://a.example \"Our map\")"));
  EXPECT_EQ("map (https://a.example)", shaped("[map][1]\n\n[1]: https://a.example"));
  EXPECT_EQ("a.example", shaped("[a.example](https://a.example/)"));
  EXPECT_EQ("me@a.example", shaped("[me@a.example](mailto:me@a.example)"));
  EXPECT_EQ("Bold link (https://a.example)", shaped("[**Bold** link](https://a.example)"));
  EXPECT_EQ("https://a.example", shaped("<https://a.example>"));
  EXPECT_EQ("above\nbelow", shaped("above\n===\nbelow"));
  EXPECT_EQ("- one\n- two\n1. three", shaped("- one\n    * **two**\n1. three"));
  EXPECT_EQ("Hi\nyou & me", shaped("<p>Hi<br/>you</p> & <b>me</b>").substr(0, 20));
  EXPECT_EQ("one\ntwo", shaped("one<br>two"));
  EXPECT_EQ("Day, Open\nMon, 9-5", shaped("| Day | Open |\n|-----|:----:|\n| **Mon** | 9-5 |"));
  EXPECT_EQ("a *b c", shaped("a *b c"));
  EXPECT_EQ("code with *stars* and `ticks`", shaped("```\ncode with *stars* and `ticks`\n```"));
}

TEST(ShapedForSms, DropsTheSpeaker) {
  EXPECT_EQ("Hello", shaped("Assistant: Hello"));
  EXPECT_EQ("Hello", shaped("**Assistant:** Hello"));
  EXPECT_EQ("The assistant: Bob", shaped("The assistant: Bob"));
}

TEST(ShapedForSms, UsesCharactersOfGsm7) {
  EXPECT_EQ("It's \"ok\" - yes...", shaped("It\u2019s \u201Cok\u201D \u2013 yes\u2026"));
  EXPECT_EQ("- a b", shaped("\u2022 a\u00A0b"));
  EXPECT_EQ("it's", shaped("it`s"));
  EXPECT_EQ("zerowidth", shaped("zero\u200Bwidth"));
}

TEST(ShapedForSms, DropsControlCharacters) {
  using std::string_literals::operator""s;
  EXPECT_EQ("a\nb c", shaped("a\r\nb\tc\x01\x7F"s));
  EXPECT_EQ("ab", shaped("a\0b"s));
  EXPECT_EQ("ab",
            shaped("a\xC2\x85"
                   "b"));
  EXPECT_EQ("a\n\nb", shaped("a  \n\n\n\nb \n"));
  EXPECT_EQ("a\xEF\xBF\xBD", shaped("a\xFF"));
}

TEST(ShapedForSms, LeavesNothingOfMarksAlone) {
  for (const char* text : {"", " \n ", "```", "***", "---", "Assistant:"}) {
    EXPECT_EQ("", shaped(text)) << text;
  }
}

TEST(ShapedForSms, CutsAtASentenceElseAtAWord) {
  EXPECT_EQ("One two three. Four five.",
            shaped_for_sms("One two three. Four five. Six seven.", {30}));
  EXPECT_EQ("Hi. This goes on and", shaped_for_sms("Hi. This goes on and on without end", {22}));
  EXPECT_EQ("exactly", shaped_for_sms("exactly this", {7}));
  EXPECT_EQ("unbreak", shaped_for_sms("unbreakable", {7}));
  EXPECT_EQ("", shaped_for_sms("anything", {0}));
}

TEST(ShapedForSms, CountsCodeUnitsAndSplitsNoCharacter) {
  std::string faces;
  for (int count = 0; count < 10; ++count) faces += "\U0001F600";
  EXPECT_EQ(20U, utf16_units(faces));
  EXPECT_EQ(4U, utf16_units(shaped_for_sms(faces, {5})));
  EXPECT_EQ(faces, shaped_for_sms(faces, {20}));
  EXPECT_EQ(kRoom, utf16_units(shaped(std::string(5'000, 'a'))));
}

TEST(ShapedForSms, TakesTimeLinearInTheText) {
  for (const char* part : {"**a ",       "*a _b ",   "[",
                           "![",         "[a](",     "[a](b",
                           "`",          "`a``b```", "> ",
                           ">",          "<",        "<a",
                           "<!--",       "~~",       "~~a ",
                           "__",         "_a.b",     "- ",
                           "1. ",        "&amp;",    "\\",
                           "| a ",       "|-|\n",    "www.",
                           "https://a(", "a\n---\n", "    a\n",
                           "```\n",      "* * *\n",  "...",
                           ". ",         "\xFF",     "\xF0\x9F\x98\x80",
                           " \n",        "(((",      "[a]: b\n",
                           "\u201C",     "a*",       "**",
                           "*_*_"}) {
    std::string text = "x ";
    while (text.size() < 70'000) text += part;
    EXPECT_LE(utf16_units(shaped(text)), kRoom) << part;
  }
}

TEST(ShapedForSms, IsValidForAnyBytes) {
  std::uint32_t state = 1;  // a fixed sequence from Numerical Recipes' generator
  const std::string_view alphabet =
      "*_`#[]()->!~ \n\t.aZ9:+|\\\xC2\x85\xE2\x80\x99\xF0\x9F\x98\x80";
  for (int round = 0; round < 3'000; ++round) {
    std::string text;
    for (int length = 0; length < 40; ++length) {
      state = state * 1'664'525U + 1'013'904'223U;
      text += alphabet[(state >> 16U) % alphabet.size()];
    }
    const std::string once = shaped_for_sms(text, {30});
    EXPECT_EQ(once, to_valid_utf8(once));
    EXPECT_LE(utf16_units(once), 30U);
    EXPECT_EQ(once, trimmed(once));
  }
}

TEST(ShapedForSms, CutsNoCharacterThatPeopleSee) {
  const std::string family = "\U0001F468\u200D\U0001F469\u200D\U0001F467";  // 8 code units
  EXPECT_EQ(family, shaped_for_sms(family + family, {15}));
  EXPECT_EQ("Caf", shaped_for_sms("Cafe\u0301s", {4}));
  EXPECT_EQ("", shaped_for_sms(family, {7}));
}

TEST(ShapedForSms, CutsLanguagesWithoutBlanksAtACharacter) {
  std::string text = "You said: ";
  for (int at = 0; at < 100; ++at) text += "\u4E2D";
  EXPECT_EQ(70U, utf16_units(shaped_for_sms(text, {1'600, 1})));
}

TEST(ShapedForSms, KeepsToSegments) {
  const std::string sentence = "We are open from eight to six, Monday to Saturday. ";
  std::string text;
  for (int at = 0; at < 12; ++at) text += sentence;
  for (const std::size_t segments_max : {1U, 2U, 3U}) {
    const std::string shaped = shaped_for_sms(text, {1'600, segments_max});
    EXPECT_EQ(segments_max, sms_size(shaped).segments);
    EXPECT_TRUE(shaped.ends_with("Saturday.")) << shaped;
  }
  // One emoji more than halves the room.
  const std::string shaped = shaped_for_sms("\U0001F600 " + text, {1'600, 1});
  EXPECT_EQ(1U, sms_size(shaped).segments);
  EXPECT_FALSE(sms_size(shaped).is_gsm);
}

}  // namespace
}  // namespace autoreply
