#include "generate/providers/openai_models.h"

#include <regex>

#include "base/pattern.h"
#include "generate/providers/model_name.h"

namespace autoreply {

bool rejects_temperature(std::string_view model) {
  static const std::regex reasoning = compiled(R"(o[1-9](-.*)?|gpt-([5-9]|[12]\d)(\.\d+)?(-.*)?)");
  static const std::regex chat = compiled(R"(gpt-\d+(\.\d+)?-chat.*)");
  return is_model(model, reasoning) && !is_model(model, chat);
}

std::string_view lowest_reasoning_effort(std::string_view model) {
  static const std::regex minimal = compiled(R"(gpt-5(-mini|-nano)?(-\d{4}-\d\d-\d\d)?)");
  static const std::regex none = compiled(
      R"(gpt-(5\.\d+(-mini|-nano|-luna|-terra|-sol)?|6-luna|6-sol|6\.1-terra)(-\d{4}-\d\d-\d\d)?)");
  static const std::regex low = compiled(
      R"((gpt-6(\.\d+)?(-(sol|terra|luna|astra))?|o[134](-mini)?)(-\d{4}-\d\d-\d\d)?|gpt-oss[-:].*)");
  if (model == "o1-mini") return "";  // accepts no effort
  if (is_model(model, minimal)) return "minimal";
  if (is_model(model, none)) return "none";
  return is_model(model, low) ? "low" : "";
}

bool reasons_at_lowest_effort(std::string_view model) {
  const std::string_view effort = lowest_reasoning_effort(model);
  return effort == "low" || effort == "minimal" || (effort.empty() && rejects_temperature(model));
}

}  // namespace autoreply
