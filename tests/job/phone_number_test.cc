#include "job/phone_number.h"

#include <gtest/gtest.h>

namespace autoreply {
namespace {

std::string read(std::string_view text, std::string_view country_code = "") {
  const PhoneNumber read = read_phone_number(text, country_code);
  switch (read.kind) {
    case PhoneNumber::Kind::valid:
      return read.number;
    case PhoneNumber::Kind::missing:
      return "missing";
    case PhoneNumber::Kind::national:
      return "national";
    case PhoneNumber::Kind::malformed:
      return "malformed";
  }
  return "";
}

TEST(IsPhoneNumber, TakesE164Only) {
  for (const char* text : {"+15555550101", "+4930123456", "+12345678", "+123456789012345"}) {
    EXPECT_TRUE(is_phone_number(text)) << text;
  }
  for (const char* text : {"",
                           "+",
                           "15555550101",
                           "+05555550101",
                           "+1234567",
                           "+1234567890123456",
                           "+1555555010a",
                           "+1 555 555 0101",
                           "+15555550101\n",
                           "12345"}) {
    EXPECT_FALSE(is_phone_number(text)) << text;
  }
}

TEST(ReadPhoneNumber, TakesInternationalNumbersHoweverTheyAreWritten) {
  for (const char* text : {"+15555550101",
                           " +1 555 555 0101\n",
                           "+1 (555) 555-0101",
                           "+1.555.555.0101",
                           "+1\u00A0555\u00A0555\u20110101",
                           "\u202A+15555550101\u202C",
                           "\uFEFF+15555550101",
                           "\u200E+1\u200B5555550101\u2060",
                           "\uFF0B\uFF11 555 555 \uFF10\uFF11\uFF10\uFF11",
                           "tel:+15555550101",
                           "Tel: +1-555-555-0101",
                           "whatsapp:+15555550101",
                           "'+15555550101",
                           " '+1 555 555 0101",
                           "+1/555/555/0101",
                           "+1 555/555-0101",
                           "+15555550101.0",
                           "'+15555550101.0 ",
                           "\uFF0B15555550101\uFF0E\uFF10",
                           "+1\u2212555\u2013555\u20140101"}) {
    EXPECT_EQ("+15555550101", read(text)) << text;
    EXPECT_EQ("+15555550101", read(text, "49")) << text;
  }
  EXPECT_EQ("+442079460000", read("+44 (0)20 7946 0000"));
}

TEST(ReadPhoneNumber, RefusesWhatIsNone) {
  for (const char* text : {"+0123456789",
                           "++15555550101",
                           "+1555",
                           "+1234567890123456",
                           "+15551000017.5",
                           "+15551000017.00",
                           "+15551000017.123",
                           "+1 555 100 0017.0",
                           "15551000017.05",
                           "+1.5551000017e10",
                           "+1 555 555 0101/2",
                           "+1 555 555 0101/0102",
                           "+15555550101/+15555550102",
                           "tel:+15555550101;ext=5",
                           "1-800-FLOWERS",
                           "12345",
                           "a@b.example",
                           "+1 555 555 0101 x5",
                           "n/a",
                           "+1555555010\xFF"}) {
    EXPECT_EQ("malformed", read(text)) << text;
    EXPECT_EQ("malformed", read(text, "1")) << text;
  }
  EXPECT_EQ("malformed", read("+1" + std::string(100'000, ' ')));
  for (const char* text : {"", "  ", "\u200B", "-", "whatsapp:"})
    EXPECT_EQ("missing", read(text)) << text;
}

TEST(ReadPhoneNumber, CompletesNationalNumbers) {
  EXPECT_EQ("national", read("555-0101"));
  EXPECT_EQ("national", read("(555) 555-0101"));
  EXPECT_EQ("national", read("0170 1234567"));
  EXPECT_EQ("+15555550101", read("(555) 555-0101", "1"));
  EXPECT_EQ("+15555550101", read("1 555 555 0101", "1"));
  EXPECT_EQ("malformed", read("555-0101", "1")) << "without its area code";
  EXPECT_EQ("malformed", read("2 555 555 0101", "1"));
  EXPECT_EQ("+491701234567", read("0170 1234567", "49"));
  EXPECT_EQ("+491701234567", read("170 1234567", "49"));
  EXPECT_EQ("+442079460000", read("(020) 7946 0000", "44"));
  EXPECT_EQ("+390612345678", read("06 1234 5678", "39")) << "Italy's 0 stays";
  EXPECT_EQ("+3612345678", read("06 1 234 5678", "36"));
  EXPECT_EQ("+79161234567", read("8 916 123-45-67", "7"));
  EXPECT_EQ("+34612345678", read("612 345 678", "34"));
}

TEST(ReadPhoneNumber, ReadsInternationalPrefixesWhereTheyAreDialled) {
  EXPECT_EQ("+4930123456", read("0049 30 123456", "49"));
  EXPECT_EQ("+15555550101", read("001 555 555 0101", "49"));
  EXPECT_EQ("+4930123456", read("0049 30 123456", "1"));
  EXPECT_EQ("+4930123456", read("011 49 30 123456", "1"));
  EXPECT_EQ("+15555550101", read("011 1 (555) 555-0101", "1"));
  EXPECT_EQ("+911123456789", read("011 2345 6789", "91")) << "that is Delhi";
  EXPECT_EQ("malformed", read("00149 30 123456", "82")) << "Korea dials 001";
  EXPECT_EQ("malformed", read("0049 30 123456"));
  EXPECT_EQ("malformed", read("000 555 555 0101", "49"));
}

TEST(ReadPhoneNumber, ReadsNationalNumbersOfSpreadsheets) {
  EXPECT_EQ("+15555550101", read("5555550101.0", "1"));
  EXPECT_EQ("national", read("5555550101.0"));
  EXPECT_EQ("malformed", read("5555550101.5", "1"));
  EXPECT_EQ("+493012345678", read("030/12345678", "49"));
  EXPECT_EQ("malformed", read("030 123456/7", "49"));
  EXPECT_EQ("malformed", read("555-0101/0102", "49"));
  EXPECT_EQ("+33123456789", read("01.23.45.67.89", "33"));
}

TEST(ReadPhoneNumber, GuessesNothingAboutItsOwnCountryCodeWithoutAPlus) {
  EXPECT_EQ("+919123456780", read("91234 56780", "91"));
  EXPECT_EQ("+919123456780", read("91 91234 56780", "91"));
  EXPECT_EQ("+5555912345678", read("55 91234 5678", "55"));
  EXPECT_EQ("malformed", read("4930123456", "49"));
}

}  // namespace
}  // namespace autoreply
