#include "generate/generator.h"

#include <string>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "generate/errors/classify.h"
#include "generate/provider_table.h"
#include "net/endpoint_policy.h"
#include "net/url.h"

namespace autoreply {
namespace {

tl::unexpected<Answer> wrong(const std::string& reason) {
  return tl::unexpected(answered(Finding::wrong_settings, reason));
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

tl::expected<Endpoint, Answer> Generator::endpoint_for(const WorkspaceConfig& config) const {
  return *find_endpoint(config, KeyFiles::read);
}

std::optional<tl::expected<Endpoint, Answer>> Generator::find_endpoint(
    const WorkspaceConfig& config, KeyFiles files) const {
  const ProviderProfile& profile = *find_provider(config.provider);
  Endpoint endpoint;
  endpoint.base_url = config.base_url.empty() ? std::string(profile.base_url) : config.base_url;
  if (endpoint.base_url.empty()) {
    return wrong("provider '" + config.provider + "' needs the workspace's base_url");
  }
  const Result<Url> url = parse_url(endpoint.base_url);
  if (!url) return wrong("base_url is " + url.error().message);
  const Result<Url> own = parse_url(std::string(profile.base_url));
  endpoint.built_in = config.base_url.empty() || (own && url->same_origin(*own) &&
                                                  url->scheme == "https" && !url->has_credentials);
  // A built-in address without https is on the operator's own machine. The tenant still chose it,
  // so the operator must allow it.
  if (endpoint.built_in && url->scheme == "https") {
    endpoint.policy = AddressPolicy::any;
  } else {
    const auto policy = check_base_url(*url, settings_.keys.allow_hosts);
    if (!policy) return wrong(policy.error().message);
    endpoint.policy = *policy;
  }

  auto key = find_key({.workspace_id = config.workspace_id,
                       .row_key = config.api_key,
                       .shares_key_name = config.shares_key_name,
                       .key_variable = std::string(profile.key_variable),
                       .host = url->host,
                       .built_in_address = endpoint.built_in,
                       .key_required = profile.key_required,
                       .files = files,
                       .read_files = &read_key_files_},
                      settings_.keys,
                      settings_.environment);
  if (!key) {
    if (key.error().is_unread) return std::nullopt;
    const std::string reason = "NO API KEY: " + key.error().reason;
    if (key.error().owner == KeyOwner::workspace) return wrong(reason);
    return tl::unexpected(answered(Finding::no_operator_key, reason));
  }
  endpoint.key = std::move(key->key);
  endpoint.key_owner = key->owner;
  return endpoint;
}

std::optional<std::int64_t> Generator::cost_of(const Consumption& consumed,
                                               const std::string& provider,
                                               const std::string& model) const {
  const ProviderProfile* const profile = find_provider(provider);
  const std::string_view prices_of = profile == nullptr ? provider : profile->prices_of;
  // Only OpenRouter's own figure is trusted: a tenant's server may report anything.
  if (consumed.cost_nanodollars && prices_of == "openrouter") return consumed.cost_nanodollars;
  if (!consumed.usage) return std::nullopt;
  const auto now = std::chrono::system_clock::now();
  const auto cost = settings_.prices.cost(prices_of, consumed.model, *consumed.usage, now);
  return cost ? cost : settings_.prices.cost(prices_of, model, *consumed.usage, now);
}

tl::expected<Reply, NoReply> Generator::generate(const WorkspaceConfig& config,
                                                 const Conversation& conversation,
                                                 int attempt,
                                                 int max_attempts,
                                                 HttpSender& http,
                                                 const std::stop_token& stop) const {
  const WorkspaceConfig chosen = effective(config);
  const auto wrong_settings = [](const std::string& reason) {
    return tl::unexpected(NoReply{answered(Finding::wrong_settings, reason)});
  };
  const ProviderProfile* const profile = find_provider(chosen.provider);
  if (profile == nullptr) {
    return wrong_settings(
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
  if (!profile->offline) {
    if (chosen.model.empty()) return wrong_settings("no model: set the workspace's model");
    auto endpoint = endpoint_for(chosen);
    if (!endpoint) return tl::unexpected(NoReply{std::move(endpoint.error())});
    request.endpoint = std::move(*endpoint);
  }

  GenerationOutcome outcome = profile->generate(*profile, conversation, request, http, stop);
  Consumption& consumed = outcome ? outcome->consumed : outcome.error().consumed;
  consumed.cost_nanodollars = cost_of(consumed, chosen.provider, chosen.model);
  if (!outcome) return tl::unexpected(std::move(outcome.error()));

  Reply reply;
  reply.text = outcome->text;
  reply.provider = chosen.provider;
  reply.model = consumed.model;
  reply.prompt = prompt_json(conversation);
  if (consumed.usage) reply.tokens_used = consumed.usage->total;
  reply.cost_nanodollars = consumed.cost_nanodollars;
  return reply;
}

}  // namespace autoreply
