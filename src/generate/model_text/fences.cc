#include "generate/model_text/fences.h"

#include <algorithm>
#include <cctype>

#include "base/text.h"

namespace autoreply {
namespace {

constexpr std::string_view kBackticks = "```";

}  // namespace

bool remove_fences(std::string& text, bool (*opens)(std::string_view after)) {
  const std::string_view all = text;
  std::string kept;
  std::size_t copied = 0;
  bool found = false;
  std::size_t at = all.find(kBackticks);
  while (at != std::string_view::npos) {
    std::size_t next = at + kBackticks.size();
    if (opens(all.substr(next))) {
      found = true;
      kept += all.substr(copied, at - copied);
      const std::size_t close = all.find(kBackticks, next);
      next = close == std::string_view::npos ? all.size() : close + kBackticks.size();
      copied = next;
    }
    at = all.find(kBackticks, next);
  }
  if (!found) return false;
  kept += all.substr(copied);
  text = std::move(kept);
  return true;
}

std::string_view without_fence(std::string_view text) {
  text = trimmed(text);
  if (text.size() <= 2 * kBackticks.size() || !text.starts_with(kBackticks) ||
      !text.ends_with(kBackticks)) {
    return text;
  }
  const std::string_view inside =
      text.substr(kBackticks.size(), text.size() - 2 * kBackticks.size());
  const std::size_t line = inside.find('\n');
  if (line == std::string_view::npos) return text;
  const std::string_view language = inside.substr(0, line);
  const bool is_word = std::all_of(language.begin(), language.end(), [](unsigned char byte) {
    return std::isalnum(byte) != 0 || byte == '_' || byte == ' ' || byte == '\r';
  });
  return is_word ? trimmed(inside.substr(line)) : text;
}

}  // namespace autoreply
