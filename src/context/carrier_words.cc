#include "context/carrier_words.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/normal_form.h"
#include "base/text.h"

namespace autoreply {
namespace {

/// Longer messages are not single words.
constexpr std::size_t kMessageBytesMax = 200;

constexpr std::array<std::pair<std::string_view, CarrierWord>, 14> kStandard{{
    {"stop", CarrierWord::opt_out},
    {"stopall", CarrierWord::opt_out},
    {"unsubscribe", CarrierWord::opt_out},
    {"cancel", CarrierWord::opt_out},
    {"end", CarrierWord::opt_out},
    {"quit", CarrierWord::opt_out},
    {"revoke", CarrierWord::opt_out},
    {"optout", CarrierWord::opt_out},
    {"start", CarrierWord::opt_in},
    {"unstop", CarrierWord::opt_in},
    {"optin", CarrierWord::opt_in},
    {"yes", CarrierWord::agreement},
    {"help", CarrierWord::help},
    {"info", CarrierWord::help},
}};

std::optional<CarrierWord> meaning_of(std::string_view name) {
  if (name == "stop") return CarrierWord::opt_out;
  if (name == "start") return CarrierWord::opt_in;
  if (name == "yes") return CarrierWord::agreement;
  if (name == "help") return CarrierWord::help;
  return std::nullopt;
}

CarrierWord standard_kind(std::string_view letters) {
  const auto* const found = std::find_if(
      kStandard.begin(), kStandard.end(), [&](const auto& word) { return word.first == letters; });
  return found == kStandard.end() ? CarrierWord::opt_out : found->second;
}

/// Whether a line is one that a phone adds below a message. Compares folded letters.
bool is_signature(std::string_view line) {
  constexpr auto kBegins = std::to_array<std::string_view>({"sentfrom",
                                                            "sentvia",
                                                            "getoutlookfor",
                                                            "envoyede",
                                                            "enviadodesde",
                                                            "enviadodo",
                                                            "inviatoda",
                                                            "vonmeinem",
                                                            "gesendetvon",
                                                            "verzondenvan"});
  const std::string letters = folded_letters(line);
  return std::any_of(kBegins.begin(), kBegins.end(), [&](std::string_view begin) {
    return letters.starts_with(begin);
  });
}

std::string_view without_signature(std::string_view message) {
  const std::size_t end = message.rfind('\n');
  if (end == std::string_view::npos || !is_signature(message.substr(end))) return message;
  return trimmed(message.substr(0, end));
}

}  // namespace

CarrierWords::CarrierWords() {
  for (const auto& [word, kind] : kStandard) kinds_.emplace(word, kind);
}

Result<CarrierWords> CarrierWords::parse(const std::vector<std::string>& list) {
  CarrierWords words;
  words.kinds_.clear();
  for (const std::string& entry : list) {
    const std::size_t colon = entry.find(':');
    const bool has_meaning = colon != std::string::npos;
    const std::string letters = folded_letters(has_meaning ? entry.substr(colon + 1) : entry);
    if (letters.empty()) {
      return fail(ErrorKind::misconfigured, fmt::format("'{}' holds no word: use STOP", entry));
    }
    CarrierWord kind = standard_kind(letters);
    if (has_meaning) {
      const auto meaning = meaning_of(lower_case(trimmed(entry.substr(0, colon))));
      if (!meaning) {
        return fail(
            ErrorKind::misconfigured,
            fmt::format("'{}' has no meaning that is known: use stop, start, yes or help, as "
                        "in help:AIDE",
                        entry));
      }
      kind = *meaning;
    }
    words.kinds_.insert_or_assign(letters, kind);
  }
  return words;
}

CarrierWord CarrierWords::kind_of(std::string_view message) const {
  message = trimmed(message);
  if (message.size() > kMessageBytesMax) return CarrierWord::none;
  message = without_signature(message);
  if (const auto found = kinds_.find(folded_letters(message)); found != kinds_.end()) {
    return found->second;
  }
  return kind_of_repeated(message);
}

CarrierWord CarrierWords::kind_of_repeated(std::string_view message) const {
  auto kind = CarrierWord::none;
  while (!message.empty()) {
    const std::size_t length = std::min(message.find_first_of(" \t\r\n"), message.size());
    const std::string letters = folded_letters(message.substr(0, length));
    message = trimmed(message.substr(length));
    if (letters.empty()) continue;
    const auto found = kinds_.find(letters);
    if (found == kinds_.end()) return CarrierWord::none;
    if (kind != CarrierWord::none && kind != found->second) return CarrierWord::none;
    kind = found->second;
  }
  return kind;
}

}  // namespace autoreply
