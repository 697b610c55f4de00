#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/text.h"
#include "generate/generator.h"
#include "generate/provider_table.h"
#include "net/url.h"

// Resolves a workspace's settings to the breakers on the way to its provider. A breaker's name
// covers everything that the provider can refuse, so a changed setting gets a new, closed breaker.

namespace autoreply {
namespace {

constexpr std::size_t kRoutesMax = 10'000;

/// Concatenates the parts, each prefixed with its length, so that different parts never collide.
std::string length_prefixed(std::initializer_list<std::string_view> parts) {
  std::string together;
  for (const std::string_view part : parts) {
    together += std::to_string(part.size()) + ':';
    together += part;
  }
  return together;
}

Peer named(std::string_view kind,
           std::initializer_list<std::string_view> parts,
           const std::string& label) {
  return {fmt::format("{}:{}", kind, sha256_hex(length_prefixed(parts))), label};
}

std::string parameters_of(const WorkspaceConfig& config) {
  return fmt::format("{} {}",
                     config.temperature ? fmt::format("{}", *config.temperature) : "-",
                     config.max_tokens ? fmt::format("{}", *config.max_tokens) : "-");
}

/// Returns the same text for every spelling of an address; empty if it is invalid.
std::string normalized_address(const Provider& provider, const std::string& base_url) {
  const Result<Url> url = parse_url(base_url);
  const Result<std::string> called = provider.address(base_url, "");
  if (!url || !called) return "";
  return fmt::format("{}://{}:{}{}",
                     url->scheme,
                     url->host,
                     url->port,
                     called->substr(called->find('/', called->find("://") + 3)));
}

}  // namespace

/// Returns the workspace's configuration with the operator's choice of provider. Key and address
/// belong to the provider that the workspace chose and must not be sent to another one.
WorkspaceConfig Generator::effective(const WorkspaceConfig& config) const {
  WorkspaceConfig chosen = config;
  chosen.provider = lower_case(trimmed(config.provider));
  chosen.model = trimmed(config.model);
  chosen.base_url = trimmed(config.base_url);
  if (!settings_.provider_override) return chosen;
  const std::string wanted = lower_case(trimmed(*settings_.provider_override));
  if (wanted != chosen.provider) {
    chosen.provider = wanted;
    chosen.api_key.clear();
    chosen.base_url.clear();
  }
  return chosen;
}

std::optional<WorkspaceConfig> Generator::fallback_of(const WorkspaceConfig& config) const {
  if (!config.fallback || settings_.provider_override) return std::nullopt;
  const Fallback& named = *config.fallback;
  WorkspaceConfig fallback = config;
  fallback.fallback.reset();
  if (!trimmed(named.model).empty()) fallback.model = named.model;
  const std::string provider = lower_case(trimmed(named.provider));
  const bool is_same = provider.empty() || provider == lower_case(trimmed(config.provider));
  if (!is_same) {
    fallback.provider = provider;
    fallback.api_key.clear();
    fallback.base_url.clear();
  }
  if (!trimmed(named.api_key).empty()) fallback.api_key = named.api_key;
  if (!trimmed(named.base_url).empty()) fallback.base_url = named.base_url;
  return fallback;
}

Route Generator::route_of(const std::string& workspace_id,
                          const std::optional<WorkspaceConfig>& config) const {
  return *find_route(workspace_id, config, KeyFiles::read);
}

std::optional<Route> Generator::known_route_of(const std::string& workspace_id,
                                               const std::optional<WorkspaceConfig>& config) const {
  return find_route(workspace_id, config, KeyFiles::leave);
}

std::optional<Route> Generator::find_route(const std::string& workspace_id,
                                           const std::optional<WorkspaceConfig>& config,
                                           KeyFiles files) const {
  const WorkspaceConfig row = config.value_or(WorkspaceConfig{});
  const Fallback fallback = row.fallback.value_or(Fallback{});
  const std::string found_by = length_prefixed({workspace_id,
                                                config ? "row" : "",
                                                row.provider,
                                                row.model,
                                                row.base_url,
                                                row.api_key,
                                                parameters_of(row),
                                                fallback.provider,
                                                fallback.model,
                                                fallback.base_url,
                                                fallback.api_key});
  {
    const std::scoped_lock lock(mutex_);
    const auto known = routes_.find(found_by);
    if (known != routes_.end()) return known->second;
  }
  std::optional<Route> route = make_route(workspace_id, config, files);
  if (!route) return std::nullopt;
  if (const auto other = config ? fallback_of(*config) : std::nullopt) {
    std::optional<Route> second = make_route(workspace_id, other, files);
    if (!second) return std::nullopt;
    if (second->problem.empty()) {
      route->fallback = std::make_shared<Route>(std::move(*second));
    } else {
      route->fallback_problem = second->problem;
    }
  }
  const std::scoped_lock lock(mutex_);
  if (routes_.size() >= kRoutesMax) routes_.clear();
  routes_.emplace(found_by, *route);
  return route;
}

std::optional<Route> Generator::make_route(const std::string& workspace_id,
                                           const std::optional<WorkspaceConfig>& config,
                                           KeyFiles files) const {
  const bool has_row = config || settings_.provider_override;
  const WorkspaceConfig chosen = effective(config.value_or(WorkspaceConfig{}));
  const std::string label = "settings of workspace " + workspace_id;
  const Provider* const provider = find_provider(chosen.provider);
  if (has_row && provider != nullptr && provider->is_offline())
    return Route{.provider = chosen.provider};
  if (!has_row || provider == nullptr) {
    return Route{
        .settings = named("settings", {workspace_id, has_row ? "row" : "", chosen.provider}, label),
        .problem = has_row ? "unknown provider '" + chosen.provider + "'"
                           : "the workspace has no row in the configuration table"};
  }
  const auto found = find_endpoint(chosen, files);
  if (!found) return std::nullopt;
  const tl::expected<Endpoint, Answer>& endpoint = *found;
  const std::string address = endpoint ? normalized_address(*provider, endpoint->base_url) : "";
  // The reason for a missing endpoint can also depend on the run's own options.
  const std::string resolved = endpoint ? endpoint->key.reveal() : endpoint.error().reason;
  Route route;
  route.provider = chosen.provider;
  route.settings = named("settings",
                         {workspace_id,
                          "row",
                          chosen.provider,
                          chosen.model,
                          endpoint ? address : chosen.base_url,
                          resolved,
                          parameters_of(chosen)},
                         label);
  if (!endpoint) {
    route.problem = resolved;
    route.lacks_operator_key = endpoint.error().finding == Finding::no_operator_key;
    if (route.lacks_operator_key) {
      route.key =
          named("provider", {chosen.provider, "no key"}, chosen.provider + " without a key");
    }
    return route;
  }
  route.key_scope =
      endpoint->key_owner == KeyOwner::the_operator ? Scope::the_operator : Scope::workspace;
  route.key_source = endpoint->key_source;
  const Result<Url> url = parse_url(endpoint->base_url);
  const std::string called = fmt::format("{} at {}", chosen.provider, url ? url->host : "");
  const std::string key = endpoint->key.reveal();
  route.address = address;
  route.key = named("provider", {chosen.provider, address, key}, called);
  route.model = named("model",
                      {chosen.provider, address, key, chosen.model},
                      fmt::format("{} of {}", chosen.model, called));
  return route;
}

}  // namespace autoreply
