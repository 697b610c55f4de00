#include "cli/command_line.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <map>
#include <set>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/text.h"
#include "base/version.h"
#include "cli/arguments.h"
#include "cli/command_options.h"
#include "cli/config_file.h"
#include "cli/environment.h"
#include "cli/file_values.h"
#include "cli/help.h"
#include "cli/option_kinds.h"
#include "cli/wanted_output.h"

namespace autoreply {
namespace {

using Command = CommandLine::Command;

constexpr std::size_t kShownValueBytesMax = 64;

/// Why the program ends before it does any work.
struct Refusal {
  ExitStatus status;
  std::string error;
};

/// Formats "--limit 'many': write a whole number", or the same without the value.
std::string message_of(const WrongValue& wrong, bool show_value) {
  std::string message = wrong.option;
  if (show_value && !wrong.value.empty() && wrong.value.size() <= kShownValueBytesMax) {
    message += fmt::format(" '{}'", wrong.value);
  }
  // A verb follows the option directly, as in "--limit needs a value". Other text follows a colon.
  const bool verb = wrong.expected.starts_with("needs ") || wrong.expected.starts_with("must ");
  return message + (verb ? " " : ": ") + wrong.expected;
}

/// A parser for one use. If it gives up, the line keeps everything that was read.
class Parser final {
 public:
  explicit Parser(CommandLine& line)
      : line_(line),
        app_(
            "Answers customers' text messages with AI: claims due rows of ai_response_queue, asks "
            "the workspace's provider, and hands the reply to the host's /send-sms.",
            "autoreply") {
    app_.set_help_flag("-h,--help", "print this help");
    app_.set_version_flag("--version", std::string(kVersion), "print the version");
    app_.require_subcommand(1);
    app_.fallthrough();
    OptionGroup(app_, "Options")
        .text(
            "--config",
            "FILE",
            [this](const std::string& path) -> Result<void> {
              config_path_ = path;
              return {};
            },
            "TOML file with options");
    add_global_options(app_, line.global);
    add_run_options(
        add(Command::run, "run", "claim, answer, settle, summarise, exit"), line.run, line.global);
    add_migrate_options(
        add(Command::migrate, "migrate", "bring the database to this version's schema"),
        line.migrate);
    add_run_options(
        add(Command::doctor, "doctor", "check all that a run needs, and say what to do"),
        line.run,
        line.global);
    add_status_options(
        add(Command::status, "status", "what is due, what waits and why, what failed"),
        line.queue_status);
    add_list_options(add(Command::list, "list", "list jobs, the newest first"), line.list);
    add(Command::show,
        "show",
        "tell all about a job: what happened and what is next; or list a contact's jobs");
    add_change_options(add(Command::retry,
                           "retry",
                           "put failed, waiting and stuck jobs back: due now, with fresh attempts"),
                       line.retry);
    add_change_options(
        add(Command::cancel, "cancel", "end pending jobs: their customers get no answer"),
        line.cancel);
    add_unblock_options(
        add(Command::unblock, "unblock", "remove a breaker now, by its name in a run's summary"),
        line.unblock);
    add_backfill_options(
        add(Command::backfill,
            "backfill",
            "put messages of a period into the queue that have no entry and no answer"),
        line.backfill);
    add_report_options(add(Command::report, "report", "one HTML page about a period"), line.report);
    add_purge_options(add(Command::purge, "purge", "delete old finished jobs"), line.purge);
    for (const auto& [kind, command] : commands_) command->set_help_flag();
  }

  /// Throws Refusal.
  void parse(const std::vector<std::string>& words) {
    read_command_line(words);
    if (line_.command == Command::answer) return;
    // The output format comes early, because later errors are reported in that format.
    apply(*find("config"));
    read_config_file();
    apply(*find("output"));
    for (CLI::Option* option : settable()) {
      if (option->count() == 0 && may_come_from_elsewhere(*option)) apply(*option);
    }
    check_together();
    note_given();
  }

  /// Returns the names of all commands' options.
  [[nodiscard]] std::vector<std::string> all_names() {
    std::vector<std::string> names;
    for (CLI::App* app : all()) {
      for (const CLI::Option* option : settable_options(*app)) names.push_back(long_name(*option));
    }
    return names;
  }

 private:
  CLI::App& add(Command kind, const std::string& name, const std::string& help) {
    CLI::App* const command = app_.add_subcommand(name, help);
    commands_.emplace_back(kind, command);
    return *command;
  }

  [[nodiscard]] std::vector<CLI::App*> all() {
    std::vector<CLI::App*> all{&app_};
    for (const auto& [kind, command] : commands_) all.push_back(command);
    return all;
  }

  [[nodiscard]] Command meant_command() const {
    const auto meant = std::ranges::find(commands_, command_, &NamedCommand::second);
    return meant == commands_.end() ? Command::refuse : meant->first;
  }

  /// What a person changes must be said with the command: a variable that narrows down the runs
  /// must not choose the jobs.
  [[nodiscard]] bool may_come_from_elsewhere(const CLI::Option& option) {
    constexpr std::array kChanging{
        Command::retry, Command::cancel, Command::unblock, Command::purge, Command::backfill};
    if (std::ranges::find(kChanging, line_.command) == kChanging.end()) return true;
    return app_.get_option_no_throw("--" + long_name(option)) != nullptr;
  }

  void take_arguments(const std::vector<std::string>& arguments) {
    if (line_.command == Command::unblock) line_.unblock.name = arguments.front();
    if (line_.command == Command::show) line_.show.id = one_id(arguments.front());
    for (auto [kind, options] :
         {std::pair{Command::retry, &line_.retry}, {Command::cancel, &line_.cancel}}) {
      if (line_.command != kind) continue;
      for (const std::string& id : arguments) {
        options->selection.filter.job_ids.push_back(one_id(id));
      }
    }
  }

  static std::string one_id(const std::string& text) {
    auto id = read_job_id(text);
    if (!id) throw Refusal{ExitStatus::usage, id.error().message};
    return std::move(*id);
  }

  [[nodiscard]] std::vector<CLI::Option*> settable() {
    auto options = settable_options(app_);
    const auto more = settable_options(*command_);
    options.insert(options.end(), more.begin(), more.end());
    return options;
  }

  [[nodiscard]] CLI::Option* find(const std::string& name) {
    for (CLI::App* app : {command_, &app_}) {
      if (CLI::Option* option = app->get_option_no_throw("--" + name)) return option;
    }
    return nullptr;
  }

  void read_command_line(const std::vector<std::string>& words) try {
    auto arguments = read_arguments(app_, words);
    if (!arguments) throw Refusal{ExitStatus::usage, arguments.error().message};
    if (!arguments->command.empty()) command_ = app_.get_subcommand(arguments->command);
    if (arguments->asked != Arguments::Asked::work) {
      line_.command = Command::answer;
      line_.text = arguments->asked == Arguments::Asked::help
                       ? help_text(app_, command_)
                       : fmt::format("autoreply {}\n", kVersion);
      return;
    }
    // CLI11 expects the last one first.
    std::ranges::reverse(arguments->words);
    app_.parse(std::move(arguments->words));
    line_.command = meant_command();
    take_arguments(arguments->arguments);
    for (const CLI::Option* option : settable()) {
      if (option->count() > 0) on_command_line_.insert(long_name(*option));
    }
  } catch (const WrongValue& wrong) {
    throw Refusal{ExitStatus::usage, message_of(wrong, !may_be_secret(wrong.option))};
  } catch (const CLI::ParseError& error) {
    // CLI11 rejects something that our rules accept. Its message may contain values.
    throw Refusal{
        ExitStatus::usage,
        fmt::format("the command line is wrong: {} (see autoreply --help)", error.get_name())};
  }

  [[nodiscard]] bool may_be_secret(const std::string& dashed) {
    for (CLI::App* app : all()) {
      const CLI::Option* option = app->get_option_no_throw(dashed);
      if (option != nullptr && is_secret(*option)) return true;
    }
    return false;
  }

  /// Sets the option from the environment, or else from the file, unless it is on the command line.
  void apply(CLI::Option& option) {
    const std::string name = long_name(option);
    if (on_command_line_.contains(name)) return;
    auto variable = read_variable(name, is_list(option));
    if (!variable) throw Refusal{ExitStatus::misconfigured, variable.error().message};
    const auto in_file = file_.find(name);
    std::string where;
    std::vector<std::string> values;
    if (*variable) {
      where = (*variable)->variable;
      values = (*variable)->values;
    } else if (in_file != file_.end()) {
      where = fmt::format("{}, line {}: {}", one_line(config_path_), in_file->second.line, name);
      values = in_file->second.values;
      for (std::string& value : values) value = std::string(trimmed(value));
    } else {
      return;
    }
    try {
      give_values(option, values);
    } catch (const WrongValue& wrong) {
      // The value is hidden because it may be a secret in the wrong variable.
      throw Refusal{ExitStatus::misconfigured, message_of({where, "", wrong.expected}, false)};
    }
  }

  void read_config_file() {
    if (config_path_.empty()) return;
    const auto refuse = [this](const Error& error) {
      throw Refusal{ExitStatus::misconfigured,
                    fmt::format("{}, {}", one_line(config_path_), error.message)};
    };
    const auto text = read_small_file(config_path_, kConfigBytesMax);
    if (!text) {
      const std::string file = on_command_line_.contains("config")
                                   ? "--config: " + one_line(config_path_)
                                   : "AUTOREPLY_CONFIG: the file";
      throw Refusal{ExitStatus::misconfigured, file + " " + text.error().message};
    }
    const auto entries = parse_config(*text);
    if (!entries) refuse(entries.error());
    std::vector<std::string> commands;
    std::vector<KnownOption> options;
    for (CLI::App* app : all()) {
      const std::string command = app == &app_ ? "" : app->get_name();
      if (!command.empty()) commands.push_back(command);
      for (const CLI::Option* option : settable_options(*app)) {
        if (long_name(*option) == "config") continue;
        options.push_back({long_name(*option), command, is_list(*option)});
      }
    }
    auto values = values_for(command_->get_name(), *entries, options, commands);
    if (!values) refuse(values.error());
    file_ = std::move(*values);
  }

  /// Checks values that are valid on their own but not together.
  void check_together() {
    for (const JobFilter* filter : {&line_.run.filter,
                                    &line_.list.selection.filter,
                                    &line_.retry.selection.filter,
                                    &line_.cancel.selection.filter}) {
      if (filter->created_since && filter->created_before &&
          *filter->created_since >= *filter->created_before) {
        refuse_together("--since must be earlier than --until", {"since", "until"});
      }
    }
  }

  void note_given() {
    for (const CLI::Option* option : settable()) {
      if (option->count() == 0 || is_secret(*option)) continue;
      std::string value;
      for (const std::string& one : option->results()) {
        value += (value.empty() ? "" : ",") + one;
      }
      line_.global.given.emplace_back(long_name(*option), std::move(value));
    }
  }

  void refuse_together(std::string error, std::initializer_list<const char*> names) const {
    const bool usage = std::ranges::any_of(
        names, [this](const char* name) { return on_command_line_.contains(name); });
    throw Refusal{usage ? ExitStatus::usage : ExitStatus::misconfigured, std::move(error)};
  }

  CommandLine& line_;
  CLI::App app_;
  using NamedCommand = std::pair<Command, CLI::App*>;
  std::vector<NamedCommand> commands_;
  CLI::App* command_ = nullptr;
  std::string config_path_;
  std::set<std::string> on_command_line_;
  std::map<std::string, FileValues> file_;
};

}  // namespace

CommandLine parse_command_line(const std::vector<std::string>& arguments) {
  CommandLine line;
  Parser parser(line);
  try {
    parser.parse(arguments);
  } catch (const Refusal& refusal) {
    line.command = Command::refuse;
    line.error = refusal.error;
    line.status = refusal.status;
    if (seems_to_want_json(arguments)) line.global.output = OutputFormat::json;
  }
  if (line.command != Command::answer) {
    line.global.warnings = unknown_variables(parser.all_names());
  }
  return line;
}

}  // namespace autoreply
