#include "deliver/gsm_text.h"

#include <algorithm>
#include <array>

namespace autoreply {
namespace {

struct LookAlike {
  std::string_view from;
  std::string_view to;
};

constexpr std::array<LookAlike, 49> kLookAlikes = {{
    {"\u2018", "'"},  {"\u2019", "'"},  {"\u201A", "'"},  {"\u201B", "'"},  {"\u2032", "'"},
    {"\u00B4", "'"},  {"\u02BC", "'"},  {"\u2039", "'"},  {"\u203A", "'"},  {"\u201C", "\""},
    {"\u201D", "\""}, {"\u201E", "\""}, {"\u201F", "\""}, {"\u2033", "\""}, {"\u00AB", "\""},
    {"\u00BB", "\""}, {"\u2010", "-"},  {"\u2011", "-"},  {"\u2012", "-"},  {"\u2013", "-"},
    {"\u2014", "-"},  {"\u2015", "-"},  {"\u2212", "-"},  {"\u2022", "-"},  {"\u2023", "-"},
    {"\u25CF", "-"},  {"\u25AA", "-"},  {"\u2043", "-"},  {"\u00B7", "-"},  {"\u2026", "..."},
    {"\u00A0", " "},  {"\u2002", " "},  {"\u2003", " "},  {"\u2004", " "},  {"\u2005", " "},
    {"\u2006", " "},  {"\u2007", " "},  {"\u2008", " "},  {"\u2009", " "},  {"\u200A", " "},
    {"\u202F", " "},  {"\u3000", " "},  {"\u2028", "\n"}, {"\u2029", "\n"}, {"\u00AD", ""},
    {"\u200B", ""},   {"\u2060", ""},   {"\uFEFF", ""},   {"\u2044", "/"},
}};

}  // namespace

std::string gsm_look_alikes(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  while (!text.empty()) {
    const bool ascii = static_cast<unsigned char>(text[0]) < 0x80U;
    const auto* const found =
        ascii ? kLookAlikes.end()
              : std::find_if(kLookAlikes.begin(), kLookAlikes.end(), [&](const LookAlike& pair) {
                  return text.starts_with(pair.from);
                });
    if (found == kLookAlikes.end()) {
      plain += text[0];
      text.remove_prefix(1);
    } else {
      plain += found->to;
      text.remove_prefix(found->from.size());
    }
  }
  return plain;
}

}  // namespace autoreply
