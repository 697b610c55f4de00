#include "context/reaction.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/number_text.h"
#include "base/text.h"

namespace autoreply {
namespace {

/// Longer texts are no single emoji, however many people and skin tones are in it.
constexpr std::size_t kEmojiBytesMax = 64;

/// Begins a quotation; `close` ends it.
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

std::string_view without_blanks(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = blank_length(text);
    if (length == 0) break;
    text.remove_prefix(length);
  }
  for (bool more = true; more && !text.empty();) {
    more = false;
    for (std::size_t length = 1; length <= std::min<std::size_t>(3, text.size()); ++length) {
      if (blank_length(text.substr(text.size() - length)) != length) continue;
      text.remove_suffix(length);
      more = true;
      break;
    }
  }
  return text;
}

bool is_letter(char character) {
  const auto byte = static_cast<unsigned char>(character);
  return (byte | 0x20U) >= 'a' && (byte | 0x20U) <= 'z';
}

/// Whether the first quotation in `text`, which begins it, ends it as well.
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
    if (quotes.open != quotes.close && rest.starts_with(quotes.open)) {
      ++depth;
    } else if (rest.starts_with(quotes.close) && !apostrophe && --depth == 0) {
      return false;
    }
  }
  return true;
}

bool is_quotation(std::string_view text) {
  return std::any_of(kQuotes.begin(), kQuotes.end(), [&](const Quotes& quotes) {
    return is_quotation_in(text, quotes);
  });
}

/// What phones write in the place of a message that has no text.
bool is_attachment(std::string_view text) {
  constexpr std::array<std::string_view, 24> kNames{
      "an image",   "an attachment", "an audio message", "an audio file",
      "a photo",    "a picture",     "a movie",          "a video",
      "a sticker",  "a message",     "a voice note",     "a voice message",
      "a gif",      "a contact",     "a location",       "a file",
      "una imagen", "una foto",      "un v\u00EDdeo",    "un video",
      "une image",  "une photo",     "une vid\u00E9o",   "une pi\u00E8ce jointe"};
  const std::string lower = lower_case(text);
  return std::find(kNames.begin(), kNames.end(), lower) != kNames.end();
}

bool is_object(std::string_view text) {
  const std::string_view object = without_blanks(text);
  return is_quotation(object) || is_attachment(object);
}

/// One emoji or a few, without anything that stands in a word.
bool is_emoji(std::string_view text) {
  const std::string_view emoji = without_blanks(text);
  return !emoji.empty() && emoji.size() <= kEmojiBytesMax &&
         emoji.find(' ') == std::string_view::npos &&
         std::none_of(emoji.begin(), emoji.end(), is_letter) &&
         std::any_of(emoji.begin(), emoji.end(), [](char character) {
           return static_cast<unsigned char>(character) >= 0xE2U;
         });
}

/// Compares in any case of ASCII letters.
bool begins_with(std::string_view text, std::string_view start) {
  return lower_case(text.substr(0, start.size())) == start;
}

/// "Reacted 👍 to “…”"
bool is_emoji_between(std::string_view text, std::string_view before, std::string_view after) {
  if (!begins_with(text, before)) return false;
  const std::string_view rest = text.substr(before.size());
  const std::size_t end = lower_case(rest.substr(0, 2 * kEmojiBytesMax)).find(after);
  return end != std::string_view::npos && is_emoji(rest.substr(0, end)) &&
         is_object(rest.substr(end + after.size()));
}

}  // namespace

bool is_reaction(std::string_view message) {
  constexpr std::array<std::string_view, 23> kStarts{"liked ",
                                                     "loved ",
                                                     "disliked ",
                                                     "laughed at ",
                                                     "emphasized ",
                                                     "emphasised ",
                                                     "questioned ",
                                                     "removed a like from ",
                                                     "removed a heart from ",
                                                     "removed a dislike from ",
                                                     "removed a laugh from ",
                                                     "removed an exclamation from ",
                                                     "removed an exclamation mark from ",
                                                     "removed an exclamation point from ",
                                                     "removed a question mark from ",
                                                     "removed a reaction from ",
                                                     "reacted with a sticker to ",
                                                     "le encant\u00F3 ",
                                                     "le gust\u00F3 ",
                                                     "no le gust\u00F3 ",
                                                     "a aim\u00E9 ",
                                                     "a ador\u00E9 ",
                                                     "n\u2019a pas aim\u00E9 "};
  const std::string_view text = without_blanks(message);
  const auto* const start = std::find_if(
      kStarts.begin(), kStarts.end(), [&](std::string_view one) { return begins_with(text, one); });
  if (start != kStarts.end() && is_object(text.substr(start->size()))) return true;
  constexpr std::array<std::array<std::string_view, 2>, 5> kAround{
      {{"reacted ", " to "},
       {"removed ", " from "},
       {"", " to "},
       {"reaccion\u00F3 con ", " a "},
       {"a r\u00E9agi avec ", " \u00E0 "}}};
  return std::any_of(kAround.begin(), kAround.end(), [&](const auto& around) {
    return is_emoji_between(text, around[0], around[1]);
  });
}

}  // namespace autoreply
