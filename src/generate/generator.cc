#include "generate/generator.h"

#include <string>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_fields.h"
#include "base/text.h"
#include "generate/errors/classify.h"
#include "generate/provider_call.h"
#include "generate/provider_table.h"
#include "generate/turns_json.h"
#include "net/endpoint_policy.h"
#include "net/url.h"

namespace autoreply {
namespace {

constexpr std::size_t kModelsMax = 10'000;

tl::unexpected<Answer> wrong(const std::string& reason) {
  return tl::unexpected(answered(Finding::wrong_settings, reason));
}

/// Whether a workspace's address is the provider's own, which a key may be sent to.
bool is_at_own_address(const Url& url, const Provider& provider) {
  if (url.scheme != "https" || url.has_credentials) return false;
  const Result<Url> own = parse_url(std::string(provider.base_url));
  return own && url.same_origin(*own);
}

tl::unexpected<NoReply> wrong_settings(const std::string& reason) {
  return tl::unexpected(NoReply{answered(Finding::wrong_settings, reason)});
}

}  // namespace

std::string prompt_json(const Conversation& conversation) {
  nlohmann::ordered_json prompt;
  prompt["system"] = conversation.system_prompt;
  prompt["messages"] = turns_json(conversation);
  return dump_in_order(prompt);
}

Generator::Generator(GenerateSettings settings) : settings_(std::move(settings)) {
}

tl::expected<Endpoint, Answer> Generator::endpoint_for(const WorkspaceConfig& config) const {
  return *find_endpoint(config, KeyFiles::read);
}

std::optional<tl::expected<Endpoint, Answer>> Generator::find_endpoint(
    const WorkspaceConfig& config, KeyFiles files) const {
  const Provider& provider = *find_provider(config.provider);
  Endpoint endpoint;
  endpoint.base_url = config.base_url.empty() ? std::string(provider.base_url) : config.base_url;
  if (endpoint.base_url.empty()) {
    return wrong("provider '" + config.provider + "' needs the workspace's base_url");
  }
  const Result<Url> url = parse_url(endpoint.base_url);
  if (!url) return wrong("base_url is " + url.error().message);
  endpoint.built_in = config.base_url.empty() || is_at_own_address(*url, provider);
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
                       .key_variable = std::string(provider.key_variable),
                       .host = url->host,
                       .built_in_address = endpoint.built_in,
                       .key_required = provider.key_required,
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
  endpoint.key_source = key->source;
  return endpoint;
}

bool Generator::knows_price(const std::string& name, const std::string& model) const {
  const Provider* const provider = find_provider(name);
  if (provider == nullptr) return false;
  if (provider->is_offline() || provider->reports_cost) return true;
  const TokenUsage usage{.input = 1, .output = 1, .total = 2};
  return settings_.prices.cost(provider->prices_of, model, usage, std::chrono::system_clock::now())
      .has_value();
}

std::optional<std::int64_t> Generator::cost_of(const Consumption& consumed,
                                               const Provider& provider,
                                               const std::string& model) const {
  // Any other figure is not trusted: a tenant's server may report anything.
  if (consumed.cost_nanodollars && provider.reports_cost) return consumed.cost_nanodollars;
  if (!consumed.usage) return std::nullopt;
  const auto now = std::chrono::system_clock::now();
  const auto cost_as = [&](const std::string& name) {
    return settings_.prices.cost(provider.prices_of, name, *consumed.usage, now);
  };
  const auto cost = cost_as(consumed.model);
  return cost ? cost : cost_as(model);
}

Refused Generator::refused_by_model(const std::string& model) const {
  const std::scoped_lock lock(mutex_);
  const auto found = refused_.find(model);
  return found == refused_.end() ? Refused{} : found->second;
}

void Generator::note_refused(const std::string& model, const Refused& refused) const {
  const std::scoped_lock lock(mutex_);
  if (refused_.size() >= kModelsMax) refused_.clear();
  refused_[model] = refused;
}

Task<tl::expected<Reply, NoReply>> Generator::generate(const WorkspaceConfig& config,
                                                       const Conversation& conversation,
                                                       const AttemptFacts& attempt,
                                                       HttpSender& http,
                                                       const std::stop_token& stop) const {
  const WorkspaceConfig chosen = effective(config);
  const Provider* const provider = find_provider(chosen.provider);
  if (provider == nullptr) {
    co_return wrong_settings(
        chosen.provider.empty()
            ? "no provider: set the workspace's provider to one of " + available_providers()
            : "unknown provider '" + chosen.provider + "': use one of " + available_providers());
  }
  if (!provider->is_offline() && chosen.model.empty()) {
    co_return wrong_settings("no model: set the workspace's model");
  }
  GenerationOutcome outcome;
  if (provider->is_offline()) {
    outcome = provider->answer_offline(conversation);
  } else {
    outcome = co_await call(*provider, chosen, conversation, attempt, http, stop);
  }
  Consumption& consumed = outcome ? outcome->consumed : outcome.error().consumed;
  consumed.provider = chosen.provider;
  consumed.cost_nanodollars = cost_of(consumed, *provider, chosen.model);
  if (!outcome) co_return tl::unexpected(std::move(outcome.error()));

  Reply reply;
  reply.text = outcome->text;
  reply.provider = chosen.provider;
  reply.model = consumed.model;
  reply.prompt = prompt_json(conversation);
  if (consumed.usage) reply.tokens_used = consumed.usage->total;
  reply.cost_nanodollars = consumed.cost_nanodollars;
  co_return reply;
}

Task<GenerationOutcome> Generator::call(const Provider& provider,
                                        const WorkspaceConfig& config,
                                        const Conversation& conversation,
                                        const AttemptFacts& attempt,
                                        HttpSender& http,
                                        const std::stop_token& stop) const {
  auto endpoint = endpoint_for(config);
  if (!endpoint) co_return tl::unexpected(NoReply{std::move(endpoint.error())});
  const std::string model =
      fmt::format("{} {} {}", provider.name, endpoint->base_url, config.model);
  const Refused known = refused_by_model(model);
  GenerationRequest request{.endpoint = std::move(*endpoint),
                            .model = config.model,
                            .temperature = config.temperature,
                            .max_tokens = config.max_tokens,
                            .cut_answers = attempt.cut_answers,
                            .attempt = attempt.attempt,
                            .max_attempts = attempt.max_attempts,
                            .timeout = settings_.timeout,
                            .refused = known};
  GenerationOutcome outcome =
      co_await call_provider(provider, conversation, request, http, reader_, stop);
  if (request.refused != known) note_refused(model, request.refused);
  co_return outcome;
}

}  // namespace autoreply
