#include "cli/command_line.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <functional>
#include <memory>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/duration.h"
#include "base/text.h"
#include "base/version.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;

constexpr int kConcurrencyMax = 1'000;
constexpr int kCountMax = 1'000'000'000;

CLI::Option* add_duration(CLI::App& app,
                          const std::string& name,
                          milliseconds& target,
                          const std::string& help) {
  return app
      .add_option_function<std::string>(
          name,
          [&target, name](const std::string& text) {
            auto duration = parse_duration(text);
            if (!duration) throw CLI::ValidationError(name, duration.error().message);
            target = *duration;
          },
          help)
      ->type_name("DURATION")
      ->default_str(format_duration(target));
}

template <class Choice>
void add_choice(CLI::App& app,
                const std::string& name,
                Choice& target,
                const std::vector<std::pair<std::string, Choice>>& choices,
                const std::string& help) {
  app.add_option(name, target, help)
      ->transform(CLI::CheckedTransformer(choices, CLI::ignore_case).description(""))
      ->type_name([&choices] {
        std::string names;
        for (const auto& choice : choices) names += (names.empty() ? "" : "|") + choice.first;
        return names;
      }());
}

CLI::Option* add_list(CLI::App& app,
                      const std::string& name,
                      std::vector<std::string>& target,
                      const std::string& help) {
  return app.add_option(name, target, help)->delimiter(',')->allow_extra_args(false);
}

/// An option of the contract whose work is not in this version: it takes its "off" value only.
void add_unavailable(CLI::App& app, const std::string& name, const std::string& off) {
  app.add_option_function<std::string>(
         name,
         [name, off](const std::string& value) {
           if (value == off) return;
           throw CLI::ValidationError(
               name,
               off.empty()
                   ? "not available in this version: leave it out"
                   : fmt::format("not available in this version: leave it out or set {}", off));
         },
         "not available in this version")
      ->group("Not available in this version");
}

const CLI::Validator kTimestamp(
    [](std::string& text) -> std::string {
      // 2026-11-22, 2026-11-22T10:00:00Z, with fractions and offsets: the database reads the rest.
      const bool dated = text.size() >= 10 && text[4] == '-' && text[7] == '-' &&
                         std::all_of(text.begin(), text.end(), [](unsigned char character) {
                           return std::isdigit(character) != 0 ||
                                  std::string_view("-:.+TZ ").find(static_cast<char>(character)) !=
                                      std::string_view::npos;
                         });
      return dated ? "" : "write a time as 2026-11-22T10:00:00Z";
    },
    "TIME");

const CLI::Validator kTableName(
    [](std::string& text) -> std::string {
      const bool plain =
          !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
            return std::isalnum(c) != 0 || c == '_' || c == '.';
          });
      return plain ? "" : "write a table as name or schema.name";
    },
    "TABLE");

void add_global_options(CLI::App& app, GlobalOptions& global) {
  app.add_option("--database", global.database.url, "postgresql://... or sqlite:PATH")
      ->type_name("URL")
      ->capture_default_str();
  add_duration(
      app, "--database-wait", global.database.wait, "how long a lost database is waited for");
  TableNames& tables = global.database.tables;
  for (const auto& [name, table] :
       {std::pair<const char*, std::string*>{"--queue-table", &tables.queue},
        {"--log-table", &tables.logs},
        {"--message-table", &tables.messages},
        {"--contact-table", &tables.contacts},
        {"--config-table", &tables.config}}) {
    app.add_option(name, *table, "the host's table or view")
        ->check(kTableName)
        ->capture_default_str()
        ->group("Tables");
  }
  add_choice<LogLevel>(app,
                       "--log-level",
                       global.log_level,
                       {{"debug", LogLevel::debug},
                        {"info", LogLevel::info},
                        {"warn", LogLevel::warn},
                        {"error", LogLevel::error},
                        {"off", LogLevel::off}},
                       "how much goes to standard error");
  add_choice<LogFormat>(app,
                        "--log-format",
                        global.log_format,
                        {{"text", LogFormat::text}, {"json", LogFormat::json}},
                        "one line an event");
}

void add_work_options(CLI::App& app, RunOptions& run) {
  const std::string group = "How much, how fast";
  app.add_option("--limit", run.limit, "at most so many jobs; with --drain, each claim")
      ->check(CLI::Range(1, kCountMax))
      ->capture_default_str()
      ->group(group);
  app.add_option("--concurrency", run.concurrency, "threads in the pool")
      ->check(CLI::Range(1, kConcurrencyMax))
      ->capture_default_str()
      ->group(group);
  app.add_flag("--drain", run.drain, "claim until nothing that may be claimed now is left")
      ->group(group);
  app.add_flag("--coalesce",
               run.coalesce,
               "answer the newest of a contact's messages, and with it the rest")
      ->group(group);
  add_duration(app, "--max-time", run.max_time, "start no job after this; 0: no limit")
      ->group(group);
  add_duration(app, "--lease", run.lease, "how long a claim holds without renewal")->group(group);
  add_duration(app, "--grace", run.grace, "after SIGTERM, how long started jobs may take")
      ->group(group);
  app.add_flag(
         "--dry-run", run.dry_run, "print what would be claimed and asked; write and call nothing")
      ->group(group);
}

void add_retry_options(CLI::App& app, RunOptions& run) {
  const std::string group = "Trying again";
  Backoff& backoff = run.retry.backoff;
  app.add_option("--max-attempts", run.retry.max_attempts, "attempts a job gets")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str()
      ->group(group);
  add_duration(app, "--backoff-base", backoff.base, "delay before the second attempt")
      ->group(group);
  app.add_option("--backoff-factor", backoff.factor, "growth of the delay")
      ->check(CLI::Range(1.0, 1'000.0))
      ->capture_default_str()
      ->group(group);
  add_duration(app, "--backoff-cap", backoff.cap, "longest delay")->group(group);
  app.add_option("--backoff-jitter", backoff.jitter, "0.2 spreads a delay by 20 % either way")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str()
      ->group(group);
  add_duration(app, "--max-age", run.max_age, "older jobs are not answered; 0: no limit")
      ->group(group);
  add_duration(
      app, "--in-doubt-wait", run.retry.in_doubt_wait, "after a send without definite answer")
      ->group(group);
  app.add_option(
         "--max-sends", run.max_sends, "transmissions of a reply whose delivery is in doubt")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str()
      ->group(group);
}

void add_provider_options(CLI::App& app, RunOptions& run) {
  const std::string group = "Providers";
  app.add_option("--provider", run.provider, "answer with this one whatever the workspace says")
      ->type_name("NAME")
      ->group(group);
  add_duration(app, "--provider-timeout", run.provider_timeout, "whole request")->group(group);
  add_list(app, "--allow-host", run.allow_hosts, "a base_url may name this host by http, any port")
      ->type_name("HOST")
      ->group(group);
  add_list(app, "--key-host", run.key_hosts, "the operator's own keys may go to this host")
      ->type_name("HOST")
      ->group(group);
  add_list(app, "--key-dir", run.key_dirs, "file: keys may lie below this directory")
      ->type_name("DIR")
      ->group(group);
  app.add_option("--price-file", run.price_file, "prices that go before the built-in ones")
      ->type_name("FILE")
      ->group(group);
}

void add_delivery_options(CLI::App& app, RunOptions& run, GlobalOptions& global) {
  const std::string group = "Messages";
  app.add_option("--callback-url", run.callback_url, "the host's /send-sms; required")
      ->type_name("URL")
      ->group(group);
  app.add_option_function<std::string>(
         "--callback-token",
         [&run](const std::string& token) { run.callback_token = Secret(token); },
         "sent as Authorization: Bearer")
      ->type_name("TOKEN")
      ->group(group);
  add_duration(app, "--callback-timeout", run.callback_timeout, "whole request")->group(group);
  app.add_option("--max-reply-chars", run.reply_chars_max, "longer replies are cut at a sentence")
      ->check(CLI::Range(1, 1'600))
      ->capture_default_str()
      ->group(group);
  add_list(app, "--message-types", global.database.message_types, "msg_type that count as text")
      ->capture_default_str()
      ->group(group);
}

void add_filter_options(CLI::App& app, JobFilter& filter) {
  const std::string group = "Only these jobs";
  add_list(app, "--workspace", filter.workspace_ids, "of this workspace")
      ->type_name("ID")
      ->group(group);
  add_list(app, "--contact", filter.contact_ids, "of this contact")->type_name("ID")->group(group);
  add_list(app, "--id", filter.job_ids, "with this id")->type_name("ID")->group(group);
  app.add_option("--since", filter.created_since, "created at or after")
      ->check(kTimestamp)
      ->group(group);
  app.add_option("--until", filter.created_before, "created before")
      ->check(kTimestamp)
      ->group(group);
}

void add_limit(CLI::App& app, const std::string& name, int& limit, const std::string& help) {
  app.add_option(name, limit, help + ", by all runs together; 0: no limit")
      ->check(CLI::Range(0, kCountMax))
      ->capture_default_str()
      ->group("Limits");
}

void add_limit_options(CLI::App& app, ClaimLimits& limits) {
  add_limit(
      app, "--contact-per-minute", limits.contact_per_minute, "jobs of a contact in any 60 s");
  add_limit(app, "--contact-per-hour", limits.contact_per_hour, "jobs of a contact in any 60 min");
  add_limit(app,
            "--workspace-per-minute",
            limits.workspace_per_minute,
            "jobs of a workspace in any 60 s");
  add_limit(app, "--per-minute", limits.per_minute, "jobs in any 60 s");
}

void add_run_command(CLI::App& app, RunOptions& run, GlobalOptions& global) {
  add_work_options(app, run);
  add_filter_options(app, run.filter);
  add_limit_options(app, run.limits);
  add_delivery_options(app, run, global);
  add_provider_options(app, run);
  add_retry_options(app, run);
  const std::string group = "Result";
  add_choice<OutputFormat>(app,
                           "--output",
                           run.output,
                           {{"text", OutputFormat::text}, {"json", OutputFormat::json}},
                           "the summary on standard output");
  add_choice<FailOn>(app,
                     "--fail-on",
                     run.fail_on,
                     {{"retry", FailOn::retry}, {"error", FailOn::error}, {"never", FailOn::never}},
                     "which outcomes make the exit status non-zero");
  for (const char* sink : {"--metrics-file", "--pushgateway", "--ping-url", "--summary-file"}) {
    add_unavailable(app, sink, "");
  }
}

/// Reads TOML as CLI11 does, and takes a key outside any section for an option of the command where
/// it is not a global one, so that a plain list of `name = value` works.
class FlatToml final : public CLI::ConfigTOML {
 public:
  FlatToml(const CLI::App& app, std::string command) : app_(app), command_(std::move(command)) {}

  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override {
    std::vector<CLI::ConfigItem> read = CLI::ConfigTOML::from_config(input);
    for (CLI::ConfigItem& item : read) {
      const bool global = app_.get_option_no_throw("--" + item.name) != nullptr;
      const bool section = item.name == "++" || item.name == "--";
      if (item.parents.empty() && !global && !section) item.parents = {command_};
    }
    return read;
  }

 private:
  const CLI::App& app_;
  std::string command_;
};

std::string environment_name(const std::string& option) {
  std::string name = "AUTOREPLY_";
  for (const char character : option) {
    name += character == '-'
                ? '_'
                : static_cast<char>(std::toupper(static_cast<unsigned char>(character)));
  }
  return name;
}

bool is_given(const std::vector<std::string>& arguments, const std::string& option) {
  return std::any_of(arguments.begin(), arguments.end(), [&](const std::string& argument) {
    return argument == "--" + option || argument.starts_with("--" + option + "=");
  });
}

/// CLI11 2.1 lets the file beat the environment, so the environment becomes part of the arguments.
void append_environment(const CLI::App& app, std::vector<std::string>& arguments) {
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      if (name == "help" || name == "version" || is_given(arguments, name)) continue;
      const char* value = std::getenv(environment_name(name).c_str());
      if (value != nullptr && *value != '\0') {
        arguments.push_back(fmt::format("--{}={}", name, value));
      }
    }
  }
}

std::string command_in(const CLI::App& app, const std::vector<std::string>& arguments) {
  for (const std::string& argument : arguments) {
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
      if (command->get_name() == argument) return argument;
    }
  }
  return "";
}

CommandLine answered(std::string text, ExitStatus status) {
  CommandLine line;
  line.text = std::move(text);
  line.to_stderr = status != ExitStatus::ok;
  line.status = status;
  return line;
}

/// CLI11's exceptions are about usage, unless they come from the file.
CommandLine from_error(const CLI::App& app, const CLI::ParseError& error) {
  if (dynamic_cast<const CLI::Success*>(&error) != nullptr) {
    std::ostringstream text;
    app.exit(error, text, text);
    return answered(text.str(), ExitStatus::ok);
  }
  const bool from_file = dynamic_cast<const CLI::FileError*>(&error) != nullptr ||
                         dynamic_cast<const CLI::ConfigError*>(&error) != nullptr;
  const ExitStatus status = from_file ? ExitStatus::misconfigured : ExitStatus::usage;
  return answered(fmt::format("autoreply: {} (see autoreply --help)\n", one_line(error.what())),
                  status);
}

}  // namespace

CommandLine parse_command_line(std::vector<std::string> arguments) {
  CommandLine line;
  CLI::App app(
      "Answers customers' text messages with AI: claims due rows of ai_response_queue, asks the "
      "workspace's provider, and hands the reply to the host's /send-sms.",
      "autoreply");
  app.set_version_flag("--version", fmt::format("autoreply {}", kVersion));
  app.set_config("--config", "", "TOML file with options")->type_name("FILE");
  app.allow_config_extras(CLI::config_extras_mode::error);
  app.require_subcommand(1);
  app.fallthrough();
  add_global_options(app, line.global);
  CLI::App* run = app.add_subcommand("run", "claim, answer, settle, summarise, exit");
  add_run_command(*run, line.run, line.global);
  CLI::App* migrate = app.add_subcommand("migrate", "bring the database to this version's schema");
  migrate->add_flag("--print", line.migrate.print, "show the SQL for an empty database instead");

  for (CLI::App* command : {run, migrate}) {
    command->footer(
        "--database, --config, --log-level and the other global options work here too: see "
        "autoreply --help");
  }

  const std::string command = command_in(app, arguments);
  app.config_formatter(std::make_shared<FlatToml>(app, command));
  append_environment(app, arguments);
  if (!command.empty()) append_environment(*app.get_subcommand(command), arguments);
  // CLI11 takes them last one first.
  std::reverse(arguments.begin(), arguments.end());
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    return from_error(app, error);
  }
  line.command = run->parsed() ? CommandLine::Command::run : CommandLine::Command::migrate;
  return line;
}

}  // namespace autoreply
