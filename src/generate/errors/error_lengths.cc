#include "generate/errors/error_lengths.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <optional>
#include <string>

#include "base/text.h"

namespace autoreply {
namespace {

/// Returns the number after `lead` in a text, as in "Limit 6000" and "limit: 6,000"; empty if there
/// is none.
std::optional<std::int64_t> number_after(std::string_view text, std::string_view lead) {
  constexpr std::int64_t kNumberMax = 1'000'000'000'000;
  for (std::size_t at = text.find(lead); at != std::string_view::npos;
       at = text.find(lead, at + 1)) {
    std::size_t next = at + lead.size();
    while (next < text.size() && std::string_view(" :=").find(text[next]) != std::string_view::npos)
      ++next;
    std::optional<std::int64_t> number;
    for (; next < text.size() && number.value_or(0) < kNumberMax; ++next) {
      const bool digit = std::isdigit(static_cast<unsigned char>(text[next])) != 0;
      if (!digit && !(number && text[next] == ',')) break;
      if (digit) number = number.value_or(0) * 10 + (text[next] - '0');
    }
    if (number) return number;
  }
  return std::nullopt;
}

/// Whether the room requested for the answer alone fills the model's whole context, as in "maximum
/// context length is 8192 tokens … (20 in the messages, 8192 in the completion)" and "'max_tokens'
/// is too large: 9000 …". No conversation is short enough then.
bool asks_for_whole_context(std::string_view text) {
  constexpr std::string_view kCompletion = " in the completion";
  const auto context = number_after(text, "context length is");
  auto asked = number_after(text, "is too large");
  if (const std::size_t at = text.find(kCompletion); !asked && at != std::string_view::npos) {
    const std::string_view before = text.substr(0, at);
    asked = number_after(before.substr(before.find_last_of(" (", before.size()) + 1), "");
  }
  return context && asked && *asked >= *context;
}

}  // namespace

bool is_larger_than_limit(std::string_view text) {
  const auto limit = number_after(text, "limit");
  const auto requested = number_after(text, "requested");
  return text.find("request too large") != std::string_view::npos ||
         (limit && requested && *requested > *limit);
}

Sign sign_of_length(const ErrorBody& error) {
  return std::any_of(
             error.texts.begin(),
             error.texts.end(),
             [](const std::string& text) { return asks_for_whole_context(lower_case(text)); })
             ? Sign::parameter
             : Sign::too_long;
}

}  // namespace autoreply
