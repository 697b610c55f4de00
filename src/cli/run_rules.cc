#include "cli/run_rules.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "context/eligibility.h"
#include "deliver/callback.h"
#include "generate/prices/prices.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;

EligibilityRules eligibility_rules(const RunOptions& options) {
  return {
      .max_age = options.max_age,
      .max_sends = options.max_sends,
      .in_doubt_wait = options.retry.in_doubt_wait,
      // `run_command` has already rejected words that cannot be parsed.
      .carrier_words = options.carrier_words
                           ? CarrierWords::parse(*options.carrier_words).value_or(CarrierWords{})
                           : CarrierWords{},
      .opted_out_statuses = options.opted_out_statuses,
      .country_code = options.country_code.value_or(""),
      .skip_answered = options.skip_answered,
      .quiet_hours = options.quiet_hours,
      .timezone = options.timezone,
      .daily_budget = options.limits.daily_budget};
}

ClaimLimits claim_limits(const RunOptions& options) {
  ClaimLimits limits = options.limits;
  limits.timezone = options.timezone;
  return limits;
}

/// The lease of a probe must cover all its calls: it asks the provider, perhaps the fallback, and
/// sends the reply.
milliseconds probe_lease(const RunOptions& options) {
  return std::max(options.lease, 2 * options.provider_timeout + options.callback_timeout);
}

Result<PriceTable> read_prices(const RunOptions& options) {
  if (!options.price_file) return PriceTable::built_in();
  std::ifstream file(*options.price_file);
  if (!file) {
    return fail(ErrorKind::misconfigured,
                fmt::format("--price-file {} cannot be read", *options.price_file));
  }
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  auto own = PriceTable::parse(text);
  if (!own) return own;
  return PriceTable::built_in().overridden_by(*own);
}

}  // namespace

milliseconds send_timeout(const RunOptions& options) {
  return std::min(options.callback_timeout, options.lease / 2);
}

RunRules run_rules(const RunOptions& options, const Generator& generator) {
  return {.pace = {.limit = options.limit,
                   .concurrency = options.concurrency,
                   .drain = options.drain,
                   .lingers = options.linger.count() > 0},
          .claim = {.lease = options.lease,
                    .probe_lease = probe_lease(options),
                    .max_attempts = options.retry.max_attempts,
                    .filter = options.filter,
                    .callback = callback_peer(options.callback_url, options.callback_token),
                    .route_of =
                        [&generator](const RouteRequest& request) {
                          return generator.known_route_of(request.workspace_id, request.config);
                        },
                    .read_route =
                        [&generator](const RouteRequest& request) {
                          return generator.route_of(request.workspace_id, request.config);
                        },
                    .max_age = options.max_age,
                    .limits = claim_limits(options),
                    .coalesce = options.coalesce},
          .pipeline = {.lease = options.lease,
                       .reply = {.units_max = options.reply_chars_max,
                                 .segments_max = options.segments_max},
                       .coalesce = options.coalesce,
                       .calls = {.max_attempts = options.retry.max_attempts,
                                 .wait_max = options.retry.backoff.cap,
                                 .outage_wait = options.outage_wait},
                       .eligibility = eligibility_rules(options)},
          .retry = options.retry,
          .threads = options.threads,
          .logs_bodies = options.log_bodies};
}

Result<GenerateSettings> generate_settings(const RunOptions& options) {
  auto prices = read_prices(options);
  if (!prices) return fail(prices.error());
  return GenerateSettings{.timeout = options.provider_timeout,
                          .provider_override = options.provider,
                          .keys = {.key_hosts = options.key_hosts,
                                   .key_dirs = options.key_dirs,
                                   .allow_hosts = options.allow_hosts,
                                   .shared_keys = options.shared_keys},
                          .prices = std::move(*prices)};
}

}  // namespace autoreply
