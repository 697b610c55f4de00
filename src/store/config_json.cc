#include "store/config_json.h"

#include <charconv>
#include <limits>
#include <optional>
#include <string_view>

#include "base/text.h"

namespace autoreply {
namespace {

namespace dom = simdjson::dom;

/// Reads a number that was sent as text.
template <class Number>
std::optional<Number> number_in_text(dom::element object, std::string_view name) {
  const auto text = optional_text(object, name);
  if (!text) return std::nullopt;
  Number number{};
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  return number;
}

/// Reads a whole number. A column that is not an integer may print it as 300.0.
std::optional<int> whole_number(dom::element object, std::string_view name) {
  const auto number = number_in_text<double>(object, name);
  if (!number || *number < 0 || *number > std::numeric_limits<int>::max()) return std::nullopt;
  return static_cast<int>(*number);
}

std::optional<Fallback> fallback_of(dom::element row) {
  Fallback fallback{.provider = text_of(row, "fallback_provider"),
                    .model = text_of(row, "fallback_model"),
                    .api_key = text_of(row, "fallback_api_key"),
                    .base_url = text_of(row, "fallback_base_url")};
  if (trimmed(fallback.provider).empty() && trimmed(fallback.model).empty()) return std::nullopt;
  return fallback;
}

}  // namespace

WorkspaceConfig workspace_config_of(std::string_view workspace_id, dom::element row) {
  return {.workspace_id = std::string(workspace_id),
          .enabled = flag_of(row, "enabled"),
          .provider = text_of(row, "provider"),
          .model = text_of(row, "model"),
          .system_prompt = text_of(row, "system_prompt"),
          .temperature = number_in_text<double>(row, "temperature"),
          .max_tokens = whole_number(row, "max_tokens"),
          .api_key = text_of(row, "api_key"),
          .base_url = text_of(row, "base_url"),
          .fallback = fallback_of(row),
          .business_name = text_of(row, "business_name"),
          .timezone = text_of(row, "timezone"),
          .quiet_hours = text_of(row, "quiet_hours"),
          .daily_budget = text_of(row, "daily_budget"),
          .shares_key_name = flag_of(row, "shares_key_name")};
}

std::vector<DaySpending> spent_of(dom::element row) {
  std::vector<DaySpending> days;
  for (const dom::element day : elements_of(row, "spent")) {
    days.push_back({.day = text_of(day, "day"),
                    .spending = {.tokens = number_of(day, "tokens"),
                                 .nanodollars = number_of(day, "nanodollars")}});
  }
  return days;
}

}  // namespace autoreply
