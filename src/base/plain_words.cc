#include "base/plain_words.h"

#include <cctype>

namespace autoreply {

std::string plain_words(std::string_view text) {
  constexpr std::string_view kApostrophe = "\u2019";
  std::string words = " ";
  while (!text.empty()) {
    const auto byte = static_cast<unsigned char>(text[0]);
    std::size_t length = 1;
    if (text.starts_with(kApostrophe)) {
      length = kApostrophe.size();
    } else if (std::isalnum(byte) != 0 || byte >= 0x80U) {
      words += static_cast<char>(std::tolower(byte));
    } else if (byte != '\'' && words.back() != ' ') {
      words += ' ';
    }
    text.remove_prefix(length);
  }
  if (words.back() != ' ') words += ' ';
  return words;
}

}  // namespace autoreply
