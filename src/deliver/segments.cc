#include "deliver/segments.h"

#include <string>

namespace autoreply {
namespace {

/// The characters of GSM-7 that take one septet, but for ASCII.
constexpr std::string_view kBasic = "£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà";
/// The ASCII characters that are not in GSM-7, or take two septets.
constexpr std::string_view kNotInGsm = "`";
constexpr std::string_view kExtension = "^{}\\[~]|\f";
constexpr std::string_view kEuro = "€";

struct Limits {
  std::size_t alone;
  std::size_t of_several;
};
constexpr Limits kGsm{160, 153};
constexpr Limits kUcs{70, 67};

std::size_t character_bytes(unsigned char lead) {
  if (lead < 0x80U) return 1;
  if (lead < 0xE0U) return 2;
  return lead < 0xF0U ? 3 : 4;
}

/// Returns the septets of a character, or 0 if GSM-7 has none for it.
std::size_t septets(std::string_view character) {
  if (character.size() > 1) {
    if (character == kEuro) return 2;
    const std::size_t at = character.size() == 2 ? kBasic.find(character) : std::string_view::npos;
    return at == std::string_view::npos ? 0 : 1;
  }
  const char ascii = character.front();
  if (kExtension.find(ascii) != std::string_view::npos) return 2;
  const auto byte = static_cast<unsigned char>(ascii);
  const bool is_control = byte < 0x20U && ascii != '\n' && ascii != '\r';
  return is_control || byte == 0x7FU || kNotInGsm.find(ascii) != std::string_view::npos ? 0 : 1;
}

std::size_t code_units(std::string_view character) {
  return character.size() == 4 ? 2 : 1;
}

/// Calls `see` with each character.
template <class See>
void for_each_character(std::string_view text, const See& see) {
  while (!text.empty()) {
    const std::string_view character =
        text.substr(0, character_bytes(static_cast<unsigned char>(text.front())));
    see(character);
    text.remove_prefix(character.size());
  }
}

}  // namespace

SmsSize sms_size(std::string_view text) {
  SmsSize size;
  for_each_character(text, [&](std::string_view character) {
    if (septets(character) == 0) size.is_gsm = false;
  });
  const Limits limits = size.is_gsm ? kGsm : kUcs;
  std::size_t filled = 0;  // of the last of several segments
  std::size_t several = 1;
  for_each_character(text, [&](std::string_view character) {
    const std::size_t units = size.is_gsm ? septets(character) : code_units(character);
    size.units += units;
    if (filled + units > limits.of_several) {
      ++several;
      filled = 0;
    }
    filled += units;
  });
  if (size.units > 0) size.segments = size.units <= limits.alone ? 1 : several;
  return size;
}

}  // namespace autoreply
