#include "base/graphemes.h"

#include <utf8proc.h>

namespace autoreply {

std::vector<std::size_t> grapheme_ends(std::string_view text) {
  std::vector<std::size_t> ends;
  utf8proc_int32_t before = 0;
  utf8proc_int32_t state = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    utf8proc_int32_t character = 0;
    const utf8proc_ssize_t length =
        utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at),
                         static_cast<utf8proc_ssize_t>(text.size() - at),
                         &character);
    if (length <= 0) break;
    if (at > 0 && utf8proc_grapheme_break_stateful(before, character, &state) != 0) {
      ends.push_back(at);
    }
    before = character;
    at += static_cast<std::size_t>(length);
  }
  if (at > 0) ends.push_back(at);
  return ends;
}

}  // namespace autoreply
