#include "generate/provider_table.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "generate/providers/all_providers.h"

namespace autoreply {

namespace {

constexpr auto kProviders = std::to_array<const Provider*>({&kOpenAi,
                                                            &kAnthropic,
                                                            &kGemini,
                                                            &kAzure,
                                                            &kDeepSeek,
                                                            &kMistral,
                                                            &kGroq,
                                                            &kOpenRouter,
                                                            &kOllama,
                                                            &kEcho});

}  // namespace

const Provider* find_provider(std::string_view name) {
  const std::string wanted = lower_case(trimmed(name));
  const auto* const found =
      std::find_if(kProviders.begin(), kProviders.end(), [&](const Provider* provider) {
        return provider->name == wanted;
      });
  return found == kProviders.end() ? nullptr : *found;
}

std::string available_providers() {
  std::string names;
  for (const Provider* const provider : kProviders) {
    names.append(names.empty() ? "" : ", ").append(provider->name);
  }
  return names;
}

}  // namespace autoreply
