#include "generate/provider_table.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "generate/providers/echo_provider.h"
#include "generate/providers/openai_provider.h"

namespace autoreply {
namespace {

constexpr std::array<ProviderProfile, 8> kProfiles = {{
    {.name = "openai",
     .generate = ask_chat_completions,
     .base_url = "https://api.openai.com/v1",
     .key_variable = "OPENAI_API_KEY",
     .prices_of = "openai"},
    {.name = "azure",
     .generate = ask_chat_completions,
     .key_variable = "AZURE_OPENAI_API_KEY",
     .key_header = "api-key",
     .prices_of = "openai"},
    {.name = "deepseek",
     .generate = ask_chat_completions,
     .base_url = "https://api.deepseek.com",
     .key_variable = "DEEPSEEK_API_KEY",
     .token_field = "max_tokens",
     .prices_of = "deepseek",
     .no_thinking = R"({"thinking":{"type":"disabled"}})"},
    {.name = "mistral",
     .generate = ask_chat_completions,
     .base_url = "https://api.mistral.ai/v1",
     .key_variable = "MISTRAL_API_KEY",
     .token_field = "max_tokens",
     .prices_of = "mistral"},
    {.name = "groq",
     .generate = ask_chat_completions,
     .base_url = "https://api.groq.com/openai/v1",
     .key_variable = "GROQ_API_KEY",
     .prices_of = "groq"},
    {.name = "openrouter",
     .generate = ask_chat_completions,
     .base_url = "https://openrouter.ai/api/v1",
     .key_variable = "OPENROUTER_API_KEY",
     .token_field = "max_tokens",
     .prices_of = "openrouter"},
    {.name = "ollama",
     .generate = ask_chat_completions,
     .base_url = "http://localhost:11434/v1",
     .key_variable = "OLLAMA_API_KEY",
     .key_required = false,
     .token_field = "max_tokens",
     .prices_of = "ollama"},
    {.name = "echo", .generate = echo, .offline = true, .key_required = false, .prices_of = "echo"},
}};

}  // namespace

const ProviderProfile* find_provider(std::string_view name) {
  const std::string wanted = lower_case(trimmed(name));
  const auto* const found =
      std::find_if(kProfiles.begin(), kProfiles.end(), [&](const ProviderProfile& profile) {
        return profile.name == wanted;
      });
  return found == kProfiles.end() ? nullptr : found;
}

std::string available_providers() {
  std::string names;
  for (const ProviderProfile& profile : kProfiles) {
    names.append(names.empty() ? "" : ", ").append(profile.name);
  }
  return names;
}

}  // namespace autoreply
