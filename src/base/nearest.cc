#include "base/nearest.h"

#include <algorithm>
#include <cstddef>

#include "base/text.h"

namespace autoreply {
namespace {

constexpr std::size_t kWordBytesMax = 64;
constexpr std::size_t kPrefixBytesMin = 3;

std::string normalised(std::string_view word) {
  std::string text = lower_case(word);
  std::ranges::replace(text, '_', '-');
  return text;
}

/// Returns the optimal string alignment distance: insertions, deletions, substitutions and swaps of
/// neighbours.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t wrong = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + wrong});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    before_last.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

}  // namespace

std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates) {
  if (word.empty() || word.size() > kWordBytesMax) return std::nullopt;
  const std::string wanted = normalised(word);
  std::size_t best = std::max<std::size_t>(1, wanted.size() / 3) + 1;
  const std::string* found = nullptr;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kWordBytesMax) continue;
    const std::size_t distant = distance(wanted, normalised(candidate));
    if (distant < best) {
      best = distant;
      found = &candidate;
    }
  }
  if (found != nullptr) return *found;
  if (wanted.size() < kPrefixBytesMin) return std::nullopt;
  for (const std::string& candidate : candidates) {
    const bool shorter = found == nullptr || candidate.size() < found->size();
    if (shorter && normalised(candidate).starts_with(wanted)) found = &candidate;
  }
  return found != nullptr ? std::optional(*found) : std::nullopt;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  const auto meant = nearest(word, candidates);
  return meant ? ": did you mean " + *meant + "?" : "";
}

std::string any_of_them(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t index = 0; index < words.size(); ++index) {
    if (index > 0) text += index + 1 == words.size() ? " or " : ", ";
    text += words[index];
  }
  return text;
}

}  // namespace autoreply
