#include "cli/run_command.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "base/duration.h"
#include "base/log.h"
#include "base/output.h"
#include "base/uuid.h"
#include "base/version.h"
#include "cli/error_report.h"
#include "context/conversation_builder.h"
#include "context/eligibility.h"
#include "deliver/callback.h"
#include "generate/generator.h"
#include "net/http_client.h"
#include "report/preview_report.h"
#include "report/summary_report.h"
#include "run/concurrency_limit.h"
#include "run/run.h"
#include "store/database.h"
#include "store/outage_clock.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

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

/// How long one transmission may take. The lease must outlast it, so a short lease shortens it.
milliseconds send_timeout(const RunOptions& options) {
  return std::min(options.callback_timeout, options.lease / 2);
}

/// The lease of a probe must cover all its calls: it asks the provider, perhaps the fallback, and
/// sends the reply.
milliseconds probe_lease(const RunOptions& options) {
  return std::max(options.lease, 2 * options.provider_timeout + options.callback_timeout);
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
          .retry = options.retry};
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

/// Ends the run once the database is given up. Results could no longer be saved, so waiting for a
/// provider would be pointless. The run's jobs are left to the next one.
OutageClock::Listener outage_listener(const Log& log, StopSignal& stop) {
  return [&log, &stop](OutageClock::Change change, const std::string& reason) {
    switch (change) {
      case OutageClock::Change::began:
        log.warn("database_lost", {{"reason", reason}});
        break;
      case OutageClock::Change::ended:
        log.info("database_back");
        break;
      case OutageClock::Change::in_vain:
        log.error("database_gone", {{"reason", reason}});
        stop.end();
        break;
    }
  };
}

std::string host_name() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return "unknown";
  return name.data();
}

/// The problem with the workspace's settings that a run would find before any call; empty if none.
std::optional<AttemptResult> setting_problem(const Generator& generator,
                                             const PreviewedJob& preview) {
  const Route route = generator.route_of(preview.claimed.job.workspace_id, preview.context.config);
  if (route.problem.empty() || route.fallback) return std::nullopt;
  return AttemptResult::defer(Step::generate, route.problem);
}

ExitStatus preview_run(JobStore& store,
                       const RunOptions& options,
                       const Generator& generator,
                       OutputFormat output) {
  const RunRules rules = run_rules(options, generator);
  auto previews = Claimer(store, rules.claim).preview(options.limit);
  if (!previews) return report_error(previews.error(), output);
  std::vector<PlannedJob> jobs;
  for (PreviewedJob& preview : *previews) {
    auto result = early_result(preview.claimed, preview.context, rules.pipeline.eligibility);
    PlannedJob job{std::move(preview), std::move(result), std::nullopt};
    if (!job.early_result && !job.preview.context.recorded) {
      job.early_result = setting_problem(generator, job.preview);
    }
    if (!job.early_result && !job.preview.context.recorded) {
      job.conversation = make_conversation(job.preview.context, options.timezone);
    }
    jobs.push_back(std::move(job));
  }
  print_out(output == OutputFormat::json ? preview_json(jobs) + "\n" : preview_text(jobs));
  return ExitStatus::ok;
}

/// Opens a further store. The database was in order at the start, so a fault now means that it was
/// lost, not that the operator made a mistake.
Result<std::unique_ptr<JobStore>> open_again(const DatabaseConfig& database) {
  auto store = open_store(database);
  if (!store && store.error().kind == ErrorKind::misconfigured) {
    return fail(ErrorKind::unavailable, store.error().message);
  }
  return store;
}

/// Notes a run that claimed jobs in the database. A failure is only logged.
void note_run(JobStore& store, const Summary& summary, ExitStatus status, const Log& log) {
  if (summary.claimed == 0 || summary.database_lost) return;
  const auto noted = store.write_run({.run_id = summary.run_id,
                                      .version = std::string(kVersion),
                                      .host = host_name(),
                                      .duration_ms = summary.duration.count(),
                                      .exit_status = static_cast<int>(status),
                                      .summary_json = summary_json(summary, status)});
  if (!noted) log.warn("run_not_noted", {{"reason", noted.error().message}});
}

}  // namespace

ExitStatus run_command(const GlobalOptions& global, const RunOptions& options) {
  const auto started = steady_clock::now();
  StopSignal stop(options.grace, options.max_time);
  const std::string run_id = random_uuid();
  const Log log(global.log_level, global.log_format, run_id);
  for (const std::string& warning : global.warnings)
    log.warn("unused_variable", {{"reason", warning}});
  const auto give_up = [&](const Error& error) {
    return report_error(error, global.output, run_id);
  };
  if (options.carrier_words) {
    const auto words = CarrierWords::parse(*options.carrier_words);
    if (!words) return give_up(words.error());
  }
  if (options.callback_url.empty() && !options.dry_run) {
    return give_up(
        {ErrorKind::misconfigured,
         "--callback-url is missing: give the URL of the host's /send-sms on the command line, "
         "in AUTOREPLY_CALLBACK_URL or in the --config file"});
  }
  auto prices = read_prices(options);
  if (!prices) return give_up(prices.error());

  DatabaseConfig database = global.database;
  database.reply_chars_max = static_cast<int>(options.reply_chars_max);
  database.outage =
      std::make_shared<OutageClock>(database.wait, stop.break_off(), outage_listener(log, stop));
  auto store = open_store(database);
  if (!store) return give_up(store.error());
  // Most runs of a schedule find nothing to do, and need to know nothing else.
  const Linger linger(started, options.linger);
  const bool idle = !options.dry_run && (*store)->is_idle().value_or(false) &&
                    !linger.wait_for_jobs(**store, stop.stopping());
  if (!idle) {
    if (auto ready = (*store)->check_ready(); !ready) return give_up(ready.error());
  }

  const Generator generator({.timeout = options.provider_timeout,
                             .provider_override = options.provider,
                             .keys = {.key_hosts = options.key_hosts,
                                      .key_dirs = options.key_dirs,
                                      .allow_hosts = options.allow_hosts,
                                      .shared_keys = options.shared_keys},
                             .prices = std::move(*prices)});
  if (options.dry_run) return preview_run(**store, options, generator, global.output);
  if (send_timeout(options) < options.callback_timeout) {
    log.warn("callback_timeout_shortened",
             {{"to", format_duration(send_timeout(options))},
              {"reason", "it must be at most half of --lease"}});
  }

  if (options.retry.in_doubt_wait < send_timeout(options)) {
    log.warn(
        "in_doubt_wait_short",
        {{"reason",
          "a host may still be sending when its record is checked: make --in-doubt-wait longer "
          "than --callback-timeout"}});
  }

  const int concurrency = concurrency_within_limits(options.concurrency, log);
  stop.begin_work();
  Summary summary;
  if (!idle) {
    RunRules rules = run_rules(options, generator);
    rules.pace.concurrency = concurrency;
    rules.linger = linger;
    const Callback callback({.url = options.callback_url,
                             .token = options.callback_token,
                             .timeout = send_timeout(options)});
    summary = run_jobs(rules,
                       {.store = **store,
                        .open_store = [&database] { return open_again(database); },
                        .make_sender = [] { return std::make_unique<HttpClient>(); },
                        .generator = generator,
                        .callback = callback,
                        .callback_peer = rules.claim.callback,
                        .stop = stop,
                        .log = log});
  }
  summary.run_id = run_id;
  summary.duration = std::chrono::duration_cast<milliseconds>(steady_clock::now() - started);
  const ExitStatus status = exit_status(summary, options.fail_on);
  note_run(**store, summary, status, log);
  print_out(global.output == OutputFormat::json ? summary_json(summary, status) + "\n"
                                                : summary_text(summary, status));
  return status;
}

}  // namespace autoreply
