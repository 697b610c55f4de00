#include "context/quotation.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/number_text.h"

namespace autoreply {
namespace {

/// The marks around a quotation.
struct Quotes {
  std::string_view open;
  std::string_view close;
};

constexpr std::array<Quotes, 11> kQuotes{{{"\u201C", "\u201D"},
                                          {"\u201E", "\u201C"},
                                          {"\u201E", "\u201D"},
                                          {"\u201D", "\u201D"},
                                          {"\u00AB", "\u00BB"},
                                          {"\u2018", "\u2019"},
                                          {"\u201A", "\u2018"},
                                          {"\u300C", "\u300D"},
                                          {"\u300E", "\u300F"},
                                          {"\"", "\""},
                                          {"'", "'"}}};

bool is_letter(char character) {
  const auto byte = static_cast<unsigned char>(character);
  return (byte | 0x20U) >= 'a' && (byte | 0x20U) <= 'z';
}

/// Whether a mark opens an inner quotation. For marks that are the same at both ends:
/// `"He said "hi""`.
bool is_opening(std::string_view inside, std::size_t at, std::size_t length) {
  const bool after_gap =
      at == 0 || inside[at - 1] == ' ' || inside[at - 1] == '\n' || inside[at - 1] == '(';
  const std::string_view after = inside.substr(at + length);
  return after_gap && !after.empty() && blank_length(after) == 0;
}

/// Whether `text` consists of exactly one quotation.
bool is_quotation_in(std::string_view text, const Quotes& quotes) {
  const std::size_t marks = quotes.open.size() + quotes.close.size();
  if (text.size() < marks || !text.starts_with(quotes.open) || !text.ends_with(quotes.close)) {
    return false;
  }
  const std::string_view inside = text.substr(quotes.open.size(), text.size() - marks);
  int depth = 1;
  for (std::size_t at = 0; at < inside.size(); ++at) {
    const std::string_view rest = inside.substr(at);
    const bool apostrophe = at > 0 && at + quotes.close.size() < inside.size() &&
                            is_letter(inside[at - 1]) &&
                            is_letter(inside[at + quotes.close.size()]);
    if (rest.starts_with(quotes.open) &&
        (quotes.open != quotes.close || is_opening(inside, at, quotes.open.size()))) {
      ++depth;
    } else if (rest.starts_with(quotes.close) && !apostrophe && --depth == 0) {
      return false;
    }
  }
  return true;
}

/// A long message is quoted without its end. An apostrophe may also start a word.
bool is_cut_quotation(std::string_view text) {
  if (!text.ends_with("\u2026") && !text.ends_with("...")) return false;
  return std::any_of(kQuotes.begin(), kQuotes.end(), [&](const Quotes& quotes) {
    return quotes.open != "'" && text.starts_with(quotes.open) &&
           is_quotation_in(std::string(text).append(quotes.close), quotes);
  });
}

}  // namespace

bool is_quotation(std::string_view text) {
  return is_cut_quotation(text) ||
         std::any_of(kQuotes.begin(), kQuotes.end(), [&](const Quotes& quotes) {
           return is_quotation_in(text, quotes);
         });
}

}  // namespace autoreply
