#include "generate/providers/model_family.h"

#include <regex>
#include <string>

namespace autoreply {
namespace {

bool matches(std::string_view model, const std::regex& pattern) {
  return std::regex_match(model.begin(), model.end(), pattern);
}

std::string_view without_vendor(std::string_view model) {
  const std::size_t slash = model.rfind('/');
  // OpenAI has no longer model names, and std::regex recurses with the length of the text.
  return model.substr(slash == std::string_view::npos ? 0 : slash + 1).substr(0, 100);
}

}  // namespace

bool is_reasoning_model(std::string_view model) {
  static const std::regex reasoning(R"(o[1-9](-.*)?|gpt-([5-9]|[1-9]\d)(\.\d+)?(-.*)?)");
  static const std::regex chat(R"(gpt-\d+(\.\d+)?-chat.*)");
  const std::string_view name = without_vendor(model);
  return matches(name, reasoning) && !matches(name, chat);
}

std::string_view lowest_reasoning_effort(std::string_view model) {
  static const std::regex minimal(R"(gpt-5(-mini|-nano)?(-\d{4}-\d\d-\d\d)?)");
  static const std::regex none(
      R"(gpt-(5\.\d+(-mini|-nano|-luna|-terra|-sol)?|6-luna|6-sol|6\.1-terra)(-\d{4}-\d\d-\d\d)?)");
  static const std::regex low(
      R"((gpt-6(\.\d+)?(-(sol|terra|luna|astra))?|o[134](-mini)?)(-\d{4}-\d\d-\d\d)?)");
  if (model == "o1-mini") return "";  // accepts no effort
  if (matches(without_vendor(model), minimal)) return "minimal";
  if (matches(without_vendor(model), none)) return "none";
  return matches(without_vendor(model), low) ? "low" : "";
}

}  // namespace autoreply
