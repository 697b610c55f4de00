#include "cli/wanted_output.h"

#include "base/text.h"
#include "cli/config_file.h"
#include "cli/environment.h"

namespace autoreply {
namespace {

/// Guesses the value of an option on a wrong command line, or else takes it from the environment.
std::string seeming_value(const std::vector<std::string>& words, const std::string& name) {
  for (std::size_t index = words.size(); index-- > 0;) {
    const std::string& word = words[index];
    if (word.starts_with("--" + name + "=")) return word.substr(name.size() + 3);
    if (word == "--" + name && index + 1 < words.size()) return words[index + 1];
  }
  const auto variable = read_variable(name, false);
  return variable && *variable ? (*variable)->values.front() : "";
}

}  // namespace

bool seems_to_want_json(const std::vector<std::string>& words) {
  std::string output = seeming_value(words, "output");
  if (output.empty()) {
    const auto text = read_small_file(seeming_value(words, "config"), kConfigBytesMax);
    const auto entries = parse_config(text.value_or(""));
    if (!entries) return false;
    for (const ConfigEntry& entry : *entries) {
      if (entry.name == "output" && !entry.values.empty()) output = entry.values.front();
    }
  }
  return lower_case(output) == "json";
}

}  // namespace autoreply
