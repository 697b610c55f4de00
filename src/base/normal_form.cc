#include "base/normal_form.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <memory>
#include <utility>

#include <utf8proc.h>

#include "base/number_text.h"
#include "base/text.h"

namespace autoreply {
namespace {

const utf8proc_uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const utf8proc_uint8_t*>(text.data());
}

std::string mapped(const std::string& valid, int options) {
  utf8proc_uint8_t* bytes = nullptr;
  const utf8proc_ssize_t size = utf8proc_map(bytes_of(valid),
                                             static_cast<utf8proc_ssize_t>(valid.size()),
                                             &bytes,
                                             static_cast<utf8proc_option_t>(options));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(bytes, &std::free);
  if (size < 0) return valid;
  return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

bool is_letter(utf8proc_int32_t character) {
  switch (utf8proc_category(character)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
      return true;
    default:
      return false;
  }
}

/// Returns the letters and digits of valid UTF-8, and their number.
std::pair<std::string, std::size_t> letters_of(std::string_view text) {
  std::pair<std::string, std::size_t> letters;
  while (!text.empty()) {
    utf8proc_int32_t character = 0;
    const utf8proc_ssize_t length =
        utf8proc_iterate(bytes_of(text), static_cast<utf8proc_ssize_t>(text.size()), &character);
    if (length <= 0) break;
    const auto size = static_cast<std::size_t>(length);
    if (is_letter(character)) {
      letters.first += text.substr(0, size);
      ++letters.second;
    }
    text.remove_prefix(size);
  }
  return letters;
}

}  // namespace

std::string folded_letters(std::string_view text) {
  if (std::ranges::all_of(text, [](unsigned char byte) { return byte < 0x80U; })) {
    std::string letters = lower_case(text);
    std::erase_if(letters, [](unsigned char byte) { return std::isalnum(byte) == 0; });
    return letters;
  }
  const std::string folded = mapped(to_valid_utf8(text),
                                    UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE |
                                        UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK);
  return letters_of(folded).first;
}

std::string comparable(std::string_view text) {
  const std::string normal = mapped(to_valid_utf8(text), UTF8PROC_STABLE | UTF8PROC_COMPOSE);
  std::string dense;
  dense.reserve(normal.size());
  for (std::string_view rest = normal; !rest.empty();) {
    const std::size_t blank = blank_length(rest);
    if (blank == 0) dense += rest[0];
    rest.remove_prefix(blank > 0 ? blank : 1);
  }
  return dense;
}

std::size_t letter_count(std::string_view text) {
  return letters_of(to_valid_utf8(text)).second;
}

}  // namespace autoreply
