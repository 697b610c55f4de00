#include "cli/run_command.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "base/duration.h"
#include "base/log.h"
#include "base/output.h"
#include "base/uuid.h"
#include "base/version.h"
#include "cli/dry_run.h"
#include "cli/error_report.h"
#include "cli/progress.h"
#include "cli/run_rules.h"
#include "deliver/callback.h"
#include "net/http_client.h"
#include "report/summary_report.h"
#include "report/watchers.h"
#include "run/concurrency_limit.h"
#include "run/run.h"
#include "store/database.h"
#include "store/outage_clock.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

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

/// Opens a further store. The database was in order at the start, so a fault now means that it was
/// lost, not that the operator made a mistake.
Result<std::unique_ptr<JobStore>> open_again(const DatabaseConfig& database) {
  auto store = open_store(database);
  if (!store && store.error().kind == ErrorKind::misconfigured) {
    return fail(ErrorKind::unavailable, store.error().message);
  }
  return store;
}

/// The HTTP client of one of the run's loops.
std::unique_ptr<HttpSender> sender_for(Loop& loop, const RunRules& rules) {
  const PoolSize size = pool_size(rules);
  return std::make_unique<HttpClient>(
      loop, size.share_of(size.threads), HttpClient::kAnswerBytesMax / size.threads);
}

/// The options of the run as one JSON object.
std::string given_json(const GlobalOptions& global) {
  nlohmann::ordered_json options = nlohmann::ordered_json::object();
  for (const auto& [name, value] : global.given) options[name] = value;
  return options.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

Result<void> check_options(const RunOptions& options) {
  if (options.carrier_words) {
    const auto words = CarrierWords::parse(*options.carrier_words);
    if (!words) return fail(words.error());
  }
  if (!options.callback_url.empty() || options.dry_run) return {};
  return fail(
      ErrorKind::misconfigured,
      "--callback-url is missing: give the URL of the host's /send-sms on the command line, "
      "in AUTOREPLY_CALLBACK_URL or in the --config file");
}

void warn_about_bodies(const GlobalOptions& global, const RunOptions& options, const Log& log) {
  if (!options.log_bodies || global.log_level <= LogLevel::info) return;
  log.warn("bodies_not_logged", {{"reason", "--log-bodies needs --log-level info or debug"}});
}

void warn_about_times(const RunOptions& options, const Log& log) {
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
}

/// One run, from its options to its exit status.
class RunCommand final {
 public:
  RunCommand(const GlobalOptions& global, const RunOptions& options)
      : global_(global),
        options_(options),
        stop_(options.grace, options.max_time),
        log_(global.log_level, global.log_format, run_id_),
        watchers_(
            options.watchers, [](Loop& loop) { return std::make_unique<HttpClient>(loop); }, log_) {
  }

  ExitStatus run() {
    for (const std::string& warning : global_.warnings) {
      log_.warn("unused_variable", {{"reason", warning}});
    }
    if (!options_.dry_run) watchers_.tell_begin();
    const auto status = try_to_run();
    if (status) return *status;
    if (!options_.dry_run) {
      const ExitStatus failed = status_of(status.error());
      watchers_.tell_end({nullptr, failed, std::chrono::system_clock::now()},
                         error_json(status.error().message, failed, run_id_));
    }
    return report_error(status.error(), global_.output, run_id_);
  }

 private:
  Result<ExitStatus> try_to_run() {
    if (auto fit = check_options(options_); !fit) return fail(fit.error());
    auto settings = generate_settings(options_);
    if (!settings) return fail(settings.error());
    const DatabaseConfig database = database_config();
    auto opened = open_store(database);
    if (!opened) return fail(opened.error());
    JobStore& store = **opened;
    // Most runs of a schedule find nothing to do, and need to know nothing else.
    const Linger linger(started_, options_.linger);
    Idleness seen = options_.dry_run ? Idleness::busy : store.look().value_or(Idleness::busy);
    if (seen != Idleness::busy && linger.wait_for_jobs(store, stop_.stopping())) {
      seen = Idleness::busy;
    }
    if (seen == Idleness::busy) {
      if (auto ready = store.check_ready(); !ready) return fail(ready.error());
    }
    const Generator generator(std::move(*settings));
    if (options_.dry_run) return dry_run(store, options_, generator, global_.output);
    warn_about_times(options_, log_);
    warn_about_bodies(global_, options_, log_);
    stop_.begin_work();
    Summary summary;
    if (seen == Idleness::busy) summary = work(store, database, generator, linger);
    if (seen == Idleness::workspace_refused) summary.waits_for = Scope::workspace;
    if (seen == Idleness::operator_refused) summary.waits_for = Scope::the_operator;
    return end(store, std::move(summary), seen != Idleness::busy);
  }

  DatabaseConfig database_config() {
    DatabaseConfig database = global_.database;
    database.reply_chars_max = static_cast<int>(options_.reply_chars_max);
    database.run = {.id = run_id_, .version = std::string(kVersion), .host = host_name()};
    database.outage = std::make_shared<OutageClock>(
        database.wait, stop_.break_off(), outage_listener(log_, stop_));
    return database;
  }

  Summary work(JobStore& store,
               const DatabaseConfig& database,
               const Generator& generator,
               const Linger& linger) {
    const auto noted = store.begin_run(given_json(global_), options_.lease + options_.linger);
    if (!noted) log_.warn("run_not_noted", {{"reason", noted.error().message}});
    RunRules rules = run_rules(options_, generator);
    rules.pace.concurrency =
        concurrency_within_limits(options_.concurrency, options_.threads, log_);
    rules.linger = linger;
    const Callback callback({.url = options_.callback_url,
                             .token = options_.callback_token,
                             .timeout = send_timeout(options_)});
    const auto progress = progress_of_run(database);
    return run_jobs(rules,
                    {.store = store,
                     .open_store = [&database] { return open_again(database); },
                     .make_sender = [&rules](Loop& loop) { return sender_for(loop, rules); },
                     .generator = generator,
                     .callback = callback,
                     .callback_peer = rules.claim.callback,
                     .stop = stop_,
                     .log = log_,
                     .on_progress =
                         [&progress](std::size_t settled) {
                           if (progress) progress->show(static_cast<std::int64_t>(settled));
                         }});
  }

  /// A run does not know how many jobs are due, so they are counted as for a person's command.
  [[nodiscard]] std::unique_ptr<Progress> progress_of_run(const DatabaseConfig& database) const {
    if (!Progress::is_visible() || options_.linger > milliseconds{0}) return nullptr;
    std::int64_t total = 0;
    if (const auto inspector = open_inspector(database)) {
      total = (*inspector)->count_due(options_.filter).value_or(0);
    }
    if (!options_.drain) total = std::min<std::int64_t>(total, options_.limit);
    return std::make_unique<Progress>("done", total);
  }

  ExitStatus end(JobStore& store, Summary summary, bool idle) {
    summary.run_id = run_id_;
    summary.duration = std::chrono::duration_cast<milliseconds>(steady_clock::now() - started_);
    const ExitStatus status = exit_status(summary, options_.fail_on);
    const std::string json = summary_json(summary, status);
    if (!idle && !summary.database_lost) {
      const auto noted = store.end_run({.duration = summary.duration,
                                        .exit_status = static_cast<int>(status),
                                        .summary_json = json});
      if (!noted) log_.warn("run_not_noted", {{"reason", noted.error().message}});
    }
    watchers_.tell_end({&summary, status, std::chrono::system_clock::now()}, json);
    print_out(global_.output == OutputFormat::json ? json + "\n" : summary_text(summary, status));
    return status;
  }

  const GlobalOptions& global_;
  const RunOptions& options_;
  const steady_clock::time_point started_ = steady_clock::now();
  const std::string run_id_ = random_uuid();
  StopSignal stop_;  // before anything that starts a thread
  const Log log_;
  Watchers watchers_;
};

}  // namespace

ExitStatus run_command(const GlobalOptions& global, const RunOptions& options) {
  return RunCommand(global, options).run();
}

}  // namespace autoreply
