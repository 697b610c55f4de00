#include "context/prompt_values.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <optional>

#include "base/text.h"

namespace autoreply {
namespace {

constexpr std::size_t kNameBytesMax = 60;
constexpr std::size_t kPlaceholderBytesMax = 64;
constexpr std::size_t kUnknownMax = 10;
constexpr std::size_t kBusinessBytesMax = 200;
constexpr std::string_view kWideBar = "\uFF5C";

/// Keeps letters, digits, blanks and the few marks that names contain.
std::string plain_name(std::string_view name) {
  std::string kept;
  for (const char character : one_line(to_valid_utf8(name))) {
    const auto byte = static_cast<unsigned char>(character);
    const bool is_letter = std::isalnum(byte) != 0 || byte >= 0x80U;
    if (is_letter || std::string_view(" .'-&,").find(character) != std::string_view::npos) {
      kept += character;
    }
  }
  return std::string(trimmed(utf8_prefix(trimmed(kept), kNameBytesMax)));
}

std::optional<std::string> value_of(std::string_view name,
                                    const JobContext& context,
                                    const TimeZone& zone) {
  const TimeZone::Instant now{std::chrono::milliseconds(context.now)};
  if (name == "date") return zone.date_text(now);
  if (name == "time") return zone.time_text(now);
  if (name == "contact_name") {
    const std::string known = context.contact ? plain_name(context.contact->name) : "";
    return known.empty() ? "the customer" : known;
  }
  if (name == "business_name" && context.config) {
    const std::string known = one_line(to_valid_utf8(context.config->business_name));
    if (!known.empty()) return std::string(utf8_prefix(known, kBusinessBytesMax));
  }
  return std::nullopt;
}

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char character) {
    return std::isalnum(character) != 0 || character == '_' || character == '.' || character == '-';
  });
}

}  // namespace

FilledPrompt filled_prompt(std::string_view prompt,
                           const JobContext& context,
                           const TimeZone& zone) {
  FilledPrompt filled;
  for (;;) {
    const std::size_t open = prompt.find("{{");
    filled.text += prompt.substr(0, open);
    if (open == std::string_view::npos) return filled;
    prompt.remove_prefix(open);
    const std::size_t close = prompt.substr(0, kPlaceholderBytesMax).find("}}");
    const std::string_view name =
        close == std::string_view::npos ? "" : trimmed(prompt.substr(2, close - 2));
    if (!is_name(name)) {
      filled.text += prompt.substr(0, 1);
      prompt.remove_prefix(1);
      continue;
    }
    const auto value = value_of(name, context, zone);
    filled.text += value ? *value : std::string(prompt.substr(0, close + 2));
    if (!value && filled.unknown.size() < kUnknownMax &&
        std::find(filled.unknown.begin(), filled.unknown.end(), name) == filled.unknown.end()) {
      filled.unknown.emplace_back(name);
    }
    prompt.remove_prefix(close + 2);
  }
}

std::string without_turn_marks(std::string_view text) {
  // ChatML and Llama 3, DeepSeek, Llama 2 and Mistral, Gemma, and the ends of a text.
  constexpr auto kMarks = std::to_array<std::string_view>({"<|",
                                                           "|>",
                                                           "<\uFF5C",
                                                           "\uFF5C>",
                                                           "[INST]",
                                                           "[/INST]",
                                                           "[SYSTEM_PROMPT]",
                                                           "[/SYSTEM_PROMPT]",
                                                           "<<SYS>>",
                                                           "<</SYS>>",
                                                           "<start_of_turn>",
                                                           "<end_of_turn>",
                                                           "<bos>",
                                                           "<eos>",
                                                           "<s>",
                                                           "</s>"});
  constexpr std::string_view kFirstBytes = "<|[\xEF";  // of all marks
  std::string harmless;
  harmless.reserve(text.size());
  for (;;) {
    const std::size_t plain = std::min(text.find_first_of(kFirstBytes), text.size());
    harmless += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) return harmless;
    const auto* const mark = std::find_if(
        kMarks.begin(), kMarks.end(), [&](std::string_view one) { return text.starts_with(one); });
    // The blank goes behind the mark's first character, which may have several bytes.
    const bool is_wide = mark != kMarks.end() && mark->starts_with(kWideBar);
    const std::size_t first = is_wide ? kWideBar.size() : 1;
    harmless += text.substr(0, first);
    if (mark != kMarks.end()) harmless += ' ';
    text.remove_prefix(first);
  }
}

}  // namespace autoreply
