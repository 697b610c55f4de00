#include "generate/model_text/invented_turns.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"

namespace autoreply {
namespace {

struct TurnLabel {
  std::size_t begin = 0;  ///< start of its line
  std::size_t end = 0;    ///< after the colon
  bool of_model = false;
};

/// Accepts "Human:", "### User:" and "**Assistant:**" at `at`, the start of a line.
bool read_turn_label(std::string_view text, std::size_t at, TurnLabel& found) {
  struct Known {
    std::string_view name;
    bool of_model;
  };
  constexpr std::size_t kMarkupBytesMax = 8;
  constexpr auto kKnown = std::to_array<Known>(
      {{"human", false}, {"user", false}, {"customer", false}, {"assistant", true}, {"ai", true}});
  const auto skip = [&](std::size_t from) {
    const std::size_t length = text.substr(from, kMarkupBytesMax).find_first_not_of("#*_ ");
    return from + (length == std::string_view::npos ? 0 : length);
  };
  const std::size_t start = skip(at);
  for (const Known& known : kKnown) {
    if (lower_case(text.substr(start, known.name.size())) != known.name) continue;
    const std::size_t colon = skip(start + known.name.size());
    if (!text.substr(colon).starts_with(':')) return false;
    found = {at, skip(colon + 1), known.of_model};
    return true;
  }
  return false;
}

std::vector<TurnLabel> turn_labels(std::string_view text) {
  std::vector<TurnLabel> labels;
  for (std::size_t at = 0; at < text.size();) {
    TurnLabel label;
    if (read_turn_label(text, at, label)) labels.push_back(label);
    const std::size_t line = text.find('\n', at);
    if (line == std::string_view::npos) break;
    at = line + 1;
  }
  return labels;
}

}  // namespace

std::string_view without_invented_turns(std::string_view text) {
  const std::string_view spoken = trimmed(text);
  const std::vector<TurnLabel> labels = turn_labels(spoken);
  const auto of_model = [](const TurnLabel& label) { return label.of_model; };
  const auto first_own = std::find_if(labels.begin(), labels.end(), of_model);
  if (first_own == labels.end()) return text;
  const auto first_other = std::find_if_not(labels.begin(), labels.end(), of_model);
  if (first_other == labels.end()) return text;
  if (labels.front().begin > 0) {
    const bool answered = std::any_of(first_other, labels.end(), of_model);
    return answered ? spoken.substr(0, first_other->begin) : text;
  }
  const auto next_other = std::find_if_not(first_own, labels.end(), of_model);
  const std::size_t end = next_other == labels.end() ? spoken.size() : next_other->begin;
  return spoken.substr(first_own->end, end - first_own->end);
}

}  // namespace autoreply
