#include "generate/errors/refused_field.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/text.h"
#include "generate/errors/error_body.h"

namespace autoreply {
namespace {

constexpr auto kExtras = std::to_array<std::string_view>({"reasoning",
                                                          "reasoning_effort",
                                                          "thinking",
                                                          "thinkinglevel",
                                                          "thinking_level",
                                                          "thinkingbudget",
                                                          "thinking_budget",
                                                          "thinkingconfig",
                                                          "thinking_config",
                                                          "think",
                                                          "effort",
                                                          "output_config",
                                                          "store"});
constexpr auto kTokenFields =
    std::to_array<std::string_view>({"max_tokens", "max_completion_tokens"});
/// Said of a field that a model does not know, rather than of its value.
constexpr auto kUnknown = std::to_array<std::string_view>({"unsupported",
                                                           "not supported",
                                                           "does not support",
                                                           "unrecognized",
                                                           "unknown",
                                                           "extra inputs",
                                                           "not permitted",
                                                           "instead"});
/// Said of something that a model cannot do without.
constexpr auto kNeeded = std::to_array<std::string_view>(
    {"mandatory", "required", "cannot be disabled", "only works", "invalid", "not allowed"});

template <std::size_t N>
bool names_any(std::string_view text, const std::array<std::string_view, N>& names) {
  return std::any_of(
      names.begin(), names.end(), [&](std::string_view name) { return has_word(text, name); });
}

template <std::size_t N>
bool has_any(std::string_view text, const std::array<std::string_view, N>& parts) {
  return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) {
    return text.find(part) != std::string_view::npos;
  });
}

}  // namespace

Refused refused_by(const HttpResponse& response) {
  if (response.status != 400 && response.status != 422) return {};
  const ErrorBody error = parse_error_body(response.body);
  const std::string said = lower_case(error.code + ' ' + error.message());
  const std::string blamed = error.param.empty() ? said : lower_case(error.param);
  const bool is_unknown = has_any(said, kUnknown);
  return {.extras = names_any(blamed, kExtras) &&
                    (!error.param.empty() || is_unknown || has_any(said, kNeeded)),
          .token_field = names_any(blamed, kTokenFields) && is_unknown};
}

}  // namespace autoreply
