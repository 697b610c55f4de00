#include "generate/providers/model_name.h"

namespace autoreply {

std::string_view bare_model_name(std::string_view model) {
  constexpr std::size_t kBytesMax = 100;
  const std::size_t slash = model.rfind('/');
  return model.substr(slash == std::string_view::npos ? 0 : slash + 1).substr(0, kBytesMax);
}

bool is_model(std::string_view model, const std::regex& pattern) {
  const std::string_view name = bare_model_name(model);
  return std::regex_match(name.begin(), name.end(), pattern);
}

}  // namespace autoreply
