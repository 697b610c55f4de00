#include "context/reaction.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "base/number_text.h"
#include "base/text.h"
#include "context/quotation.h"

namespace autoreply {
namespace {

/// Longer texts are not single emoji, even with many people and skin tones.
constexpr std::size_t kEmojiBytesMax = 64;

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

/// Phones write these instead of quoting a message that has no text or that they cannot quote.
constexpr auto kAttachments = std::to_array<std::string_view>({"image",
                                                               "attachment",
                                                               "audio message",
                                                               "audio file",
                                                               "photo",
                                                               "picture",
                                                               "movie",
                                                               "video",
                                                               "sticker",
                                                               "message",
                                                               "voice note",
                                                               "voice message",
                                                               "gif",
                                                               "contact",
                                                               "location",
                                                               "file",
                                                               "link",
                                                               "document",
                                                               "imagen",
                                                               "foto",
                                                               "v\u00EDdeo",
                                                               "archivo adjunto",
                                                               "archivo",
                                                               "mensaje",
                                                               "enlace",
                                                               "vid\u00E9o",
                                                               "pi\u00E8ce jointe",
                                                               "lien",
                                                               "fichier",
                                                               "bild",
                                                               "anhang",
                                                               "nachricht",
                                                               "imagem",
                                                               "anexo",
                                                               "mensagem",
                                                               "immagine",
                                                               "allegato",
                                                               "messaggio",
                                                               "afbeelding",
                                                               "bijlage",
                                                               "bericht"});
constexpr auto kArticles = std::to_array<std::string_view>(
    {"a", "an", "un", "una", "une", "ein", "eine", "einen", "um", "uma", "een"});
constexpr auto kTheirMessage = std::to_array<std::string_view>({"your message",
                                                                "tu mensaje",
                                                                "su mensaje",
                                                                "votre message",
                                                                "ton message",
                                                                "deine nachricht",
                                                                "deiner nachricht",
                                                                "ihre nachricht",
                                                                "ihrer nachricht",
                                                                "sua mensagem",
                                                                "tua mensagem",
                                                                "il tuo messaggio",
                                                                "tuo messaggio",
                                                                "je bericht",
                                                                "uw bericht"});

template <std::size_t count>
bool is_among(std::string_view text, const std::array<std::string_view, count>& texts) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

bool is_count(std::string_view word) {
  return !word.empty() && word.size() <= 3 &&
         word.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Accepts "an image", "2 images", "your message".
bool is_attachment(std::string_view text) {
  constexpr std::size_t kTextBytesMax = 40;
  if (text.size() > kTextBytesMax) return false;
  const std::string lower = lower_case(text);
  if (is_among(lower, kTheirMessage) || lower == "un'immagine" || lower == "un\u2019immagine") {
    return true;
  }
  const std::size_t blank = lower.find(' ');
  if (blank == std::string::npos) return false;
  const std::string_view article = std::string_view(lower).substr(0, blank);
  std::string_view name = std::string_view(lower).substr(blank + 1);
  if (is_count(article) && name.ends_with('s')) name.remove_suffix(1);
  return (is_count(article) || is_among(article, kArticles)) && is_among(name, kAttachments);
}

bool is_object(std::string_view text) {
  const std::string_view object = without_blanks(text);
  return is_quotation(object) || is_attachment(object);
}

/// Accepts one emoji or a few, without letters and blanks.
bool is_emoji(std::string_view text) {
  const std::string_view emoji = without_blanks(text);
  return !emoji.empty() && emoji.size() <= kEmojiBytesMax &&
         emoji.find(' ') == std::string_view::npos &&
         std::none_of(emoji.begin(),
                      emoji.end(),
                      [](unsigned char byte) { return std::isalpha(byte) != 0; }) &&
         std::any_of(emoji.begin(), emoji.end(), [](char character) {
           return static_cast<unsigned char>(character) >= 0xE2U;
         });
}

/// A message, and its beginning in lower case.
struct ReactionText {
  std::string_view text;
  std::string lower;
};

/// Accepts "Reacted 👍 to “…”".
bool is_emoji_between(const ReactionText& message,
                      std::string_view before,
                      std::string_view after) {
  const std::string_view lower = message.lower;
  if (!lower.starts_with(before)) return false;
  const std::string_view rest = message.text.substr(before.size());
  const std::size_t end = lower.substr(before.size(), 2 * kEmojiBytesMax).find(after);
  return end != std::string_view::npos && is_emoji(rest.substr(0, end)) &&
         is_object(rest.substr(end + after.size()));
}

/// The text before the quotation, as Apple's and Google's Messages write it in English, French,
/// Spanish, German, Portuguese, Italian and Dutch.
constexpr auto kStarts = std::to_array<std::string_view>({
    "liked",
    "loved",
    "disliked",
    "laughed at",
    "emphasized",
    "emphasised",
    "questioned",
    "removed a like from",
    "removed a heart from",
    "removed a dislike from",
    "removed a laugh from",
    "removed an exclamation from",
    "removed an exclamation mark from",
    "removed an exclamation point from",
    "removed a question mark from",
    "removed a reaction from",
    "reacted with a sticker to",
    "a aim\u00E9",
    "a ador\u00E9",
    "n\u2019a pas aim\u00E9",
    "n'a pas aim\u00E9",
    "a ri de",
    "a ri \u00E0",
    "a soulign\u00E9",
    "a mis l\u2019accent sur",
    "a mis l'accent sur",
    "a questionn\u00E9",
    "a remis en question",
    "le gust\u00F3",
    "le ha gustado",
    "no le gust\u00F3",
    "no le ha gustado",
    "le encant\u00F3",
    "le ha encantado",
    "se ri\u00F3 de",
    "se rio de",
    "se ha re\u00EDdo de",
    "enfatiz\u00F3",
    "ha enfatizado",
    "destac\u00F3",
    "ha destacado",
    "cuestion\u00F3",
    "ha cuestionado",
    "gef\u00E4llt",
    "gef\u00E4llt mir",
    "gef\u00E4llt nicht",
    "gef\u00E4llt mir nicht",
    "liebt",
    "lacht \u00FCber",
    "lachte \u00FCber",
    "hat gelacht \u00FCber",
    "betont",
    "betonte",
    "hinterfragt",
    "hinterfragte",
    "gostou de",
    "n\u00E3o gostou de",
    "curtiu",
    "n\u00E3o curtiu",
    "amou",
    "adorou",
    "riu de",
    "enfatizou",
    "deu \u00EAnfase a",
    "questionou",
    "piace",
    "non piace",
    "ha messo mi piace a",
    "ha apprezzato",
    "non ha apprezzato",
    "ha adorato",
    "ha amato",
    "ha riso di",
    "ha riso per",
    "ha enfatizzato",
    "ha sottolineato",
    "ha messo in dubbio",
    "vindt leuk",
    "vond leuk",
    "vindt niet leuk",
    "vond niet leuk",
    "leuk",
    "hield van",
    "houdt van",
    "lachte om",
    "lacht om",
    "benadrukte",
    "benadrukt",
    "twijfelde aan",
});

/// The text before and after an emoji.
constexpr auto kAroundEmoji = std::to_array<std::array<std::string_view, 2>>({
    {"reacted ", " to "},
    {"reacted with ", " to "},
    {"removed ", " from "},
    {"", " to "},
    {"", " \u00E0 "},
    {"", " a "},
    {"", " zu "},
    {"", " auf "},
    {"", " para "},
    {"", " op "},
    {"", " bij "},
    {"a r\u00E9agi avec ", " \u00E0 "},
    {"a r\u00E9agi par ", " \u00E0 "},
    {"reaccion\u00F3 con ", " a "},
    {"ha reaccionado con ", " a "},
    {"reagierte mit ", " auf "},
    {"reagiu com ", " a "},
    {"ha reagito con ", " a "},
    {"reageerde met ", " op "},
});

/// Accepts "Liked “…”" and "Gefällt mir: „…“".
bool is_start_with_object(const ReactionText& message, std::string_view start) {
  if (!message.lower.starts_with(start)) return false;
  std::string_view rest = message.text.substr(start.size());
  if (rest.starts_with(':')) {
    rest.remove_prefix(1);
  } else if (blank_length(rest) == 0) {
    return false;
  }
  return is_object(rest);
}

}  // namespace

bool is_reaction(std::string_view text) {
  constexpr std::size_t kLowerBytesMax = 256;  // longer than all starts with an emoji
  ReactionText message{.text = without_blanks(text)};
  message.lower = lower_case(message.text.substr(0, kLowerBytesMax));
  const bool starts = std::any_of(kStarts.begin(), kStarts.end(), [&](std::string_view start) {
    return is_start_with_object(message, start);
  });
  return starts || std::any_of(kAroundEmoji.begin(), kAroundEmoji.end(), [&](const auto& around) {
           return is_emoji_between(message, around[0], around[1]);
         });
}

}  // namespace autoreply
