#include "generate/generator.h"

#include <initializer_list>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/digest.h"
#include "base/text.h"
#include "generate/classify.h"
#include "generate/echo_provider.h"
#include "generate/openai_provider.h"
#include "generate/provider_table.h"
#include "net/endpoint_policy.h"
#include "net/url.h"

namespace autoreply {
namespace {

using Kind = Verdict::Kind;

constexpr std::size_t kNamesMax = 10'000;

tl::unexpected<Verdict> reject(const std::string& reason) {
  return tl::unexpected(generate_verdict(Kind::reject, CallReport::Result::nothing, reason));
}

/// The workspace's configuration with the operator's choice of provider. Key and address belong to
/// the provider that the workspace chose, and must not be sent to another.
WorkspaceConfig effective(const WorkspaceConfig& config,
                          const std::optional<std::string>& provider_override) {
  WorkspaceConfig chosen = config;
  chosen.provider = lower_case(trimmed(config.provider));
  chosen.model = trimmed(config.model);
  chosen.base_url = trimmed(config.base_url);
  if (!provider_override) return chosen;
  const std::string wanted = lower_case(trimmed(*provider_override));
  if (wanted != chosen.provider) {
    chosen.provider = wanted;
    chosen.api_key.clear();
    chosen.base_url.clear();
  }
  return chosen;
}

/// Texts in one, so that no other texts give the same.
std::string parts_apart(std::initializer_list<std::string_view> parts) {
  std::string together;
  for (const std::string_view part : parts) {
    together += std::to_string(part.size()) + ':';
    together += part;
  }
  return together;
}

}  // namespace

std::string prompt_json(const Conversation& conversation) {
  using Json = nlohmann::ordered_json;
  Json messages = Json::array();
  for (const Turn& turn : conversation.turns) {
    messages.push_back(
        {{"role", turn.role == Role::user ? "user" : "assistant"}, {"content", turn.text}});
  }
  const Json prompt = {{"system", conversation.system_prompt}, {"messages", messages}};
  return prompt.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Generator::Generator(GenerateSettings settings) : settings_(std::move(settings)) {
}

tl::expected<Endpoint, Verdict> Generator::endpoint_for(const WorkspaceConfig& config) const {
  const ProviderProfile& profile = *find_provider(config.provider);
  Endpoint endpoint;
  endpoint.base_url = config.base_url.empty() ? std::string(profile.base_url) : config.base_url;
  if (endpoint.base_url.empty()) {
    return reject("provider '" + config.provider + "' needs the workspace's base_url");
  }
  const Result<Url> url = parse_url(endpoint.base_url);
  if (!url) return reject("base_url is " + url.error().message);
  const Result<Url> own = parse_url(std::string(profile.base_url));
  endpoint.built_in = config.base_url.empty() || (own && url->same_origin(*own) &&
                                                  url->scheme == "https" && !url->has_credentials);
  // A provider that runs on the operator's own machine is still the tenant's choice of address.
  if (endpoint.built_in && url->scheme == "https") {
    endpoint.policy = AddressPolicy::any;
  } else {
    const auto policy = check_base_url(*url, settings_.keys.allow_hosts);
    if (!policy) return reject(policy.error().message);
    endpoint.policy = *policy;
  }

  auto key = find_key({.workspace_id = config.workspace_id,
                       .row_key = config.api_key,
                       .key_variable = std::string(profile.key_variable),
                       .host = url->host,
                       .built_in_address = endpoint.built_in,
                       .key_required = profile.key_required},
                      settings_.keys,
                      settings_.environment);
  if (!key) {
    return tl::unexpected(generate_verdict(Kind::defer,
                                           CallReport::Result::nothing,
                                           "NO API KEY: " + key.error().reason,
                                           kRefusedKeyWait));
  }
  endpoint.key = std::move(key->key);
  endpoint.key_owner = key->owner;
  return endpoint;
}

ProviderBreakerName Generator::breaker_of(const WorkspaceConfig& config) const {
  const WorkspaceConfig chosen = effective(config, settings_.provider_override);
  const bool is_reference = is_key_reference(chosen.api_key);
  const std::string found_by = parts_apart(
      {chosen.provider, chosen.base_url, chosen.api_key, is_reference ? chosen.workspace_id : ""});
  {
    const std::scoped_lock lock(mutex_);
    const auto known = breakers_.find(found_by);
    if (known != breakers_.end()) return known->second;
  }
  ProviderBreakerName name = name_breaker(chosen);
  const std::scoped_lock lock(mutex_);
  if (breakers_.size() >= kNamesMax) breakers_.clear();
  breakers_.emplace(found_by, name);
  return name;
}

ProviderBreakerName Generator::name_breaker(const WorkspaceConfig& chosen) const {
  if (chosen.provider == kEchoProvider || find_provider(chosen.provider) == nullptr) return {};
  const auto endpoint = endpoint_for(chosen);
  if (!endpoint) return {};
  const Result<Url> url = parse_url(endpoint->base_url);
  const Result<std::string> called = append_path(endpoint->base_url, "/chat/completions");
  if (!url || !called) return {};
  // However an address is written, it is one.
  const std::string address =
      fmt::format("{}://{}:{}{}",
                  url->scheme,
                  url->host,
                  url->port,
                  called->substr(called->find('/', called->find("://") + 3)));
  return {.name = "provider:" +
                  sha256_hex(parts_apart({chosen.provider, address, endpoint->key.reveal()})),
          .label = chosen.provider + " at " + url->host,
          .address = address};
}

std::optional<std::int64_t> Generator::cost_of(const Generation& generation,
                                               const std::string& provider,
                                               const std::string& model) const {
  const ProviderProfile* const profile = find_provider(provider);
  const std::string_view prices_of = profile == nullptr ? provider : profile->prices_of;
  // Only OpenRouter's own figure is believed; a tenant's server may report anything.
  if (generation.cost_nanodollars && prices_of == "openrouter") return generation.cost_nanodollars;
  if (!generation.usage) return std::nullopt;
  const auto now = std::chrono::system_clock::now();
  const auto cost = settings_.prices.cost(prices_of, generation.model, *generation.usage, now);
  return cost ? cost : settings_.prices.cost(prices_of, model, *generation.usage, now);
}

tl::expected<Reply, Verdict> Generator::generate(const WorkspaceConfig& config,
                                                 const Conversation& conversation,
                                                 int attempt,
                                                 int max_attempts,
                                                 HttpClient& http,
                                                 const std::stop_token& stop) const {
  const WorkspaceConfig chosen = effective(config, settings_.provider_override);
  const ProviderProfile* const profile = find_provider(chosen.provider);
  const bool echoes = chosen.provider == kEchoProvider;
  if (profile == nullptr && !echoes) {
    return reject(
        chosen.provider.empty()
            ? "no provider: set the workspace's provider to one of " + available_providers()
            : "unknown provider '" + chosen.provider + "': use one of " + available_providers());
  }

  GenerationRequest request;
  request.model = chosen.model;
  request.temperature = chosen.temperature;
  request.max_tokens = chosen.max_tokens;
  request.attempt = attempt;
  request.max_attempts = max_attempts;
  request.timeout = settings_.timeout;
  if (!echoes) {
    if (chosen.model.empty()) return reject("no model: set the workspace's model");
    auto endpoint = endpoint_for(chosen);
    if (!endpoint) return tl::unexpected(std::move(endpoint.error()));
    request.endpoint = std::move(*endpoint);
  }

  GenerationOutcome outcome =
      echoes ? EchoProvider().generate(conversation, request, http, stop)
             : OpenAiProvider(*profile).generate(conversation, request, http, stop);
  if (!outcome) return tl::unexpected(std::move(outcome.error()));

  Reply reply;
  reply.text = outcome->text;
  reply.provider = chosen.provider;
  reply.model = outcome->model;
  reply.prompt = prompt_json(conversation);
  if (outcome->usage) reply.tokens_used = outcome->usage->total;
  reply.cost_nanodollars = cost_of(*outcome, chosen.provider, chosen.model);
  return reply;
}

}  // namespace autoreply
