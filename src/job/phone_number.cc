#include "job/phone_number.h"

#include <algorithm>

namespace autoreply {

bool is_phone_number(std::string_view text) {
  constexpr std::size_t kDigitsMin = 8;
  constexpr std::size_t kDigitsMax = 15;
  if (!text.starts_with('+')) return false;
  const std::string_view digits = text.substr(1);
  return digits.size() >= kDigitsMin && digits.size() <= kDigitsMax && digits[0] != '0' &&
         std::all_of(digits.begin(), digits.end(), [](char character) {
           return character >= '0' && character <= '9';
         });
}

}  // namespace autoreply
