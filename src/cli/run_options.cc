#include <algorithm>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/nearest.h"
#include "base/text.h"
#include "cli/command_options.h"
#include "cli/option_kinds.h"
#include "generate/provider_table.h"
#include "net/url.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;

constexpr int kConcurrencyMax = 4'000;
constexpr int kThreadsMax = 64;
constexpr int kCountMax = 1'000'000'000;
constexpr int kTimesMax = 1'000;
constexpr int kContextMessagesMax = 50;
constexpr std::size_t kReplyCharsMax = 1'600;
constexpr std::size_t kSegmentsMax = 24;  // of the longest reply, in UCS-2
constexpr milliseconds kLeaseMin{1'000};
// 0 would end every request before it starts.
constexpr milliseconds kTimeoutMin{1};

tl::unexpected<Error> wrong(std::string expected) {
  return fail(ErrorKind::misconfigured, std::move(expected));
}

std::vector<std::string> provider_names() {
  std::vector<std::string> names;
  const std::string list = available_providers();
  for (std::string_view rest = list; !rest.empty();) {
    const std::size_t comma = rest.find(',');
    names.emplace_back(trimmed(rest.substr(0, comma)));
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
  }
  return names;
}

Result<void> read_provider(std::optional<std::string>& target, const std::string& value) {
  const std::string name = lower_case(value);
  const auto names = provider_names();
  if (std::ranges::find(names, name) == names.end()) {
    const std::string meant = did_you_mean(name, names);
    return wrong("there is no such provider" +
                 (meant.empty() ? ": use one of " + available_providers() : meant));
  }
  target = name;
  return {};
}

/// Accepts a host without scheme, port and path; IPv6 with or without brackets.
OptionGroup::Read read_host_into(std::vector<std::string>& target) {
  return [&target](const std::string& value) -> Result<void> {
    const std::string host = normalised_host(value);
    const bool bare_ipv6 = std::ranges::count(host, ':') > 1;
    const auto url = parse_url(bare_ipv6 ? fmt::format("https://[{}]/", host)
                                         : fmt::format("https://{}/", host));
    if (!url || url->host != host || value.find('*') != std::string::npos) {
      return wrong("write a host without scheme, port and path, such as api.example.com");
    }
    target.push_back(host);
    return {};
  };
}

OptionGroup::Read kept_in(std::string& target) {
  return [&target](const std::string& value) -> Result<void> {
    target = value;
    return {};
  };
}

OptionGroup::Read url_kept_in(std::string& target) {
  return [&target](const std::string& value) -> Result<void> {
    if (const auto url = parse_url(value); !url) {
      return wrong(
          fmt::format("{}: write https://HOST/PATH or http://HOST:PORT/PATH", url.error().message));
    }
    target = value;
    return {};
  };
}

/// Accepts what an HTTP header can carry.
Result<void> read_token(Secret& target, const std::string& value) {
  const bool printable =
      std::ranges::all_of(value, [](unsigned char c) { return c > ' ' && c < 0x7F; });
  if (!printable) return wrong("must be printable ASCII without spaces");
  target = Secret(value);
  return {};
}

Result<void> read_country_code(std::optional<std::string>& target, const std::string& value) {
  const std::string digits = value.starts_with('+') ? value.substr(1) : value;
  const bool fits = !digits.empty() && digits.size() <= 3 && digits.front() != '0' &&
                    std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
  if (!fits) return wrong("write a country's calling code of one to three digits, such as 1 or 44");
  target = digits;
  return {};
}

void add_work_options(CLI::App& app, RunOptions& run) {
  OptionGroup group(app, "How much, how fast");
  group.number("--limit", run.limit, 1, kCountMax, "at most N jobs; with --drain, per claim");
  group.number("--concurrency", run.concurrency, 1, kConcurrencyMax, "jobs in flight");
  group.number("--threads", run.threads, 1, kThreadsMax, "threads that drive the jobs in flight");
  group.flag("--drain", run.drain, "claim until no more jobs can be claimed now");
  group.duration(
      "--linger", run.linger, "like --drain, and look for new jobs every second for this long");
  group.flag(
      "--coalesce", run.coalesce, "answer a contact's newest message and with it the older ones");
  group.duration("--max-time", run.max_time, "start no job after this; 0: no limit");
  group.duration("--lease", run.lease, "how long a claim holds without renewal", kLeaseMin);
  group.duration("--grace", run.grace, "how long started jobs may take after SIGTERM");
  group.flag(
      "--dry-run", run.dry_run, "print what would be claimed and asked; write and call nothing");
}

Result<void> read_daily_budget(DailyBudget& target, const std::string& value) {
  const auto budget = parse_daily_budget(value);
  if (!budget) return fail(budget.error());
  target = *budget;
  return {};
}

void add_limit_options(CLI::App& app, ClaimLimits& limits) {
  OptionGroup group(app, "Limits for all runs together; 0: none");
  const auto add = [&group](const char* name, int& limit, const char* help) {
    group.number(name, limit, 0, kCountMax, help);
  };
  add("--contact-per-minute", limits.contact_per_minute, "jobs of a contact in any 60 s");
  add("--contact-per-hour", limits.contact_per_hour, "jobs of a contact in any 60 min");
  add("--workspace-per-minute", limits.workspace_per_minute, "jobs of a workspace in any 60 s");
  add("--per-minute", limits.per_minute, "jobs in any 60 s");
  group.text(
      "--daily-budget",
      "AMOUNT",
      [&limits](const std::string& amount) {
        return read_daily_budget(limits.daily_budget, amount);
      },
      "what a workspace may spend in a day, such as 5usd, or 200k tokens");
}

void add_delivery_options(CLI::App& app, RunOptions& run) {
  OptionGroup group(app, "Delivery");
  group.text(
      "--callback-url", "URL", url_kept_in(run.callback_url), "the host's /send-sms; required");
  group.text(
      "--callback-token",
      "TOKEN",
      [&run](const std::string& token) { return read_token(run.callback_token, token); },
      "sent as Authorization: Bearer");
  group.duration("--callback-timeout", run.callback_timeout, "whole request", kTimeoutMin);
  group.text(
      "--country-code",
      "N",
      [&run](const std::string& code) { return read_country_code(run.country_code, code); },
      "completes national phone numbers, such as 1 or 44");
}

void add_message_options(CLI::App& app, RunOptions& run, GlobalOptions& global) {
  OptionGroup group(app, "Messages");
  group.number("--max-reply-chars",
               run.reply_chars_max,
               1,
               kReplyCharsMax,
               "longer replies are cut at a sentence");
  group.number("--max-segments",
               run.segments_max,
               0,
               kSegmentsMax,
               "replies of more SMS segments are cut at a sentence; 0: no limit");
  group.number("--context-messages",
               global.database.context_messages,
               1,
               kContextMessagesMax,
               "messages of the contact that the provider sees");
  group.list("--message-types",
             "LIST",
             global.database.message_types,
             "message types that count as text, as does a missing type");
  group.list(
      "--carrier-words",
      "LIST",
      [&run] { run.carrier_words.emplace(); },
      [&run](const std::string& word) -> Result<void> {
        if (lower_case(word) != "none") run.carrier_words->push_back(word);
        return {};
      },
      "words that the carrier answers itself, replacing the built-in ones (HELP, STOP, ...); none "
      "empties the list");
  group.list("--opted-out-status",
             "LIST",
             run.opted_out_statuses,
             "contact statuses that mean opted out, in addition to the built-in ones");
  group.flag("--skip-answered",
             run.skip_answered,
             "a newer outbound message that autoreply did not send always ends the job");
  group.text(
      "--quiet-hours",
      "FROM-TO",
      [&run](const std::string& hours) -> Result<void> {
        auto read = parse_quiet_hours(hours);
        if (!read) return fail(read.error());
        run.quiet_hours = *read;
        return {};
      },
      "jobs wait until these hours end, such as 21:00-08:00, in the contact's or workspace's zone");
  group.text(
      "--timezone",
      "ZONE",
      [&run](const std::string& name) -> Result<void> {
        const auto zone = TimeZone::find(name);
        if (!zone)
          return wrong(
              "write a zone of the IANA database, such as America/New_York; the package tzdata has "
              "it");
        run.timezone = *zone;
        return {};
      },
      "of contacts and workspaces without one",
      "UTC");
}

void add_provider_options(CLI::App& app, RunOptions& run) {
  OptionGroup group(app, "Providers");
  group.text(
      "--provider",
      "NAME",
      [&run](const std::string& name) { return read_provider(run.provider, name); },
      "use this provider instead of the workspace's");
  group.duration("--provider-timeout", run.provider_timeout, "whole request", kTimeoutMin);
  group.list(
      "--allow-host",
      "HOST",
      [&run] { run.allow_hosts.clear(); },
      read_host_into(run.allow_hosts),
      "a base_url may name this host, also with http and any port");
  group.list(
      "--key-host",
      "HOST",
      [&run] { run.key_hosts.clear(); },
      read_host_into(run.key_hosts),
      "the operator's own keys may go to this host");
  group.list("--key-dir", "DIR", run.key_dirs, "file: keys may be below this directory");
  group.flag("--shared-keys", run.shared_keys, "env: and file: keys serve every workspace");
  group.text(
      "--price-file",
      "FILE",
      [&run](const std::string& path) -> Result<void> {
        run.price_file = path;
        return {};
      },
      "prices that override the built-in ones");
}

void add_retry_options(CLI::App& app, RunOptions& run) {
  OptionGroup group(app, "Retries");
  Backoff& backoff = run.retry.backoff;
  group.number("--max-attempts", run.retry.max_attempts, 1, kTimesMax, "attempts per job");
  group.duration("--backoff-base", backoff.base, "delay before the second attempt");
  group.decimal("--backoff-factor", backoff.factor, 1.0, 1'000.0, "growth of the delay");
  group.duration("--backoff-cap", backoff.cap, "longest delay, and longest wait for a peer");
  group.decimal(
      "--backoff-jitter", backoff.jitter, 0.0, 1.0, "0.2 spreads a delay by 20 % either way");
  group.duration(
      "--outage-wait",
      run.outage_wait,
      "how long a job waits for a peer that is down before the outage uses attempts; 0: it uses "
      "them at once");
  group.duration("--max-age", run.max_age, "older jobs are not answered; 0: no limit");
  group.duration(
      "--in-doubt-wait", run.retry.in_doubt_wait, "wait after a send without a definite answer");
  group.number("--max-sends",
               run.max_sends,
               1,
               kTimesMax,
               "transmissions of a reply whose delivery is in doubt");
}

void add_result_options(CLI::App& app, RunOptions& run) {
  OptionGroup group(app, "Result");
  group.choice<FailOn>(
      "--fail-on",
      run.fail_on,
      {{"retry", FailOn::retry}, {"error", FailOn::error}, {"never", FailOn::never}},
      "which outcomes make the exit status non-zero");
  group.flag("--log-bodies",
             run.log_bodies,
             "also log what is sent to providers and the callback and what they answer: message "
             "texts and phone numbers, but no keys");
  group.text("--metrics-file",
             "PATH",
             kept_in(run.watchers.metrics_file),
             "write Prometheus metrics to this file of a textfile collector");
  group.text("--pushgateway",
             "URL",
             url_kept_in(run.watchers.pushgateway),
             "push Prometheus metrics to this gateway");
  group.text("--ping-url",
             "URL",
             url_kept_in(run.watchers.ping_url),
             "ping URL/start at the start, and URL/<exit status> at the end");
  group.text("--summary-file",
             "PATH",
             kept_in(run.watchers.summary_file),
             "also write the summary here as JSON, such as /dev/termination-log");
}

}  // namespace

void add_run_options(CLI::App& command, RunOptions& run, GlobalOptions& global) {
  add_work_options(command, run);
  add_filter_options(command, run.filter);
  add_limit_options(command, run.limits);
  add_delivery_options(command, run);
  add_message_options(command, run, global);
  add_provider_options(command, run);
  add_retry_options(command, run);
  add_result_options(command, run);
}

void add_migrate_options(CLI::App& command, MigrateOptions& migrate) {
  OptionGroup group(command, "Options");
  group.flag("--print", migrate.print, "show the SQL for an empty database instead");
  group.text("--grant-to", "ROLE", kept_in(migrate.grant_to), "also grant ROLE what run needs");
}

}  // namespace autoreply
