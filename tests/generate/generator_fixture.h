#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "generate/generator.h"

namespace autoreply::test {

/// Settings that allow servers on 127.0.0.1 and know only the operator's key.
inline GenerateSettings offline_settings() {
  GenerateSettings settings;
  settings.timeout = std::chrono::seconds(10);
  settings.keys.allow_hosts = {"127.0.0.1"};
  settings.environment = [](const std::string& name) -> std::optional<std::string> {
    if (name == "OPENAI_API_KEY") return "sk-operator";
    return std::nullopt;
  };
  return settings;
}

inline WorkspaceConfig a_workspace(const std::string& base_url = "") {
  WorkspaceConfig config;
  config.provider = "openai";
  config.model = "gpt-4o-mini";
  config.temperature = 0.3;
  config.max_tokens = 100;
  config.base_url = base_url;
  return config;
}

}  // namespace autoreply::test
