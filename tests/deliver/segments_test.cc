#include "deliver/segments.h"

#include <string>

#include <gtest/gtest.h>

namespace autoreply {
namespace {

std::string times(int count, std::string_view text) {
  std::string repeated;
  for (int at = 0; at < count; ++at) repeated += text;
  return repeated;
}

std::size_t segments(const std::string& text) {
  return sms_size(text).segments;
}

TEST(SmsSize, CountsAsCarriersDo) {
  EXPECT_EQ(0U, segments(""));
  EXPECT_EQ(1U, segments(times(160, "a")));
  EXPECT_EQ(2U, segments(times(161, "a")));
  EXPECT_EQ(2U, segments(times(306, "a")));
  EXPECT_EQ(3U, segments(times(307, "a")));
  EXPECT_EQ((SmsSize{true, 160, 1}), sms_size(times(80, "€")));
  EXPECT_EQ(2U, segments(times(81, "€")));
  EXPECT_EQ((SmsSize{true, 164, 2}), sms_size(times(152, "a") + "€" + times(10, "a")));
  EXPECT_EQ((SmsSize{false, 70, 1}), sms_size(times(70, "’")));
  EXPECT_EQ(2U, segments(times(71, "’")));
  EXPECT_EQ((SmsSize{false, 70, 1}), sms_size(times(35, "😀")));
  EXPECT_EQ(2U, segments(times(36, "😀")));
  EXPECT_EQ((SmsSize{false, 78, 2}), sms_size(times(66, "ж") + "😀" + times(10, "ж")));
  EXPECT_EQ(11U, segments(times(1'600, "a")));
  EXPECT_EQ((SmsSize{false, 1, 1}), sms_size("`"));
}

TEST(SmsSize, KnowsTheAlphabet) {
  EXPECT_TRUE(sms_size("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./09:;<=>?¡AZÄÖÑÜ§¿azäöñüà")
                  .is_gsm);
  EXPECT_EQ(18U, sms_size("^{}\\[~]|€").units);
  for (const char* text : {"á", "í", "ó", "ú", "ç", "ê", "õ", "“", "—", "\t", "中"}) {
    EXPECT_FALSE(sms_size(text).is_gsm) << text;
  }
}

}  // namespace
}  // namespace autoreply
