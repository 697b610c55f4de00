#include "cli/help.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <CLI/App.hpp>
#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/option_kinds.h"

namespace autoreply {
namespace {

constexpr std::size_t kColumns = 80;
constexpr std::size_t kTextColumn = 30;  ///< where option descriptions begin
constexpr std::size_t kCommandColumn = 12;

/// A non-breaking space.
constexpr char kFixedSpace = '\x01';

constexpr std::string_view kSources =
    "Each option can also be set by an environment variable (AUTOREPLY_CALLBACK_URL for "
    "--callback-url), by a file whose path is in the same variable with the suffix _FILE "
    "(AUTOREPLY_CALLBACK_TOKEN_FILE), or in the --config file (callback-url = \"...\"). The "
    "command line overrides the environment, which overrides the --config file. If an option is "
    "given twice, the last one counts, unless it is repeatable. D is a duration: 250ms, 90s, 5m, "
    "24h, 1d, 1w.";

/// Wraps words into lines that begin at `indent`. The text so far ends at `column`.
void wrap(std::string& out, std::size_t column, std::size_t indent, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find(' ');
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (column > indent && column + 1 + word.size() > kColumns) {
      out += '\n';
      column = 0;
    }
    if (column < indent) {
      out.append(indent - column, ' ');
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  out += '\n';
}

/// Adds a name on the left and its meaning on the right, over several lines if necessary.
void add_entry(std::string& out,
               std::string_view name,
               std::size_t text_column,
               std::string_view text) {
  const std::string left = fmt::format("  {}", name);
  out += left;
  std::size_t column = left.size();
  if (column + 2 > text_column) {
    out += '\n';
    column = 0;
  }
  wrap(out, column, text_column, text);
}

std::string option_name(const CLI::Option& option) {
  std::string name;
  for (const std::string& letter : option.get_snames()) name += fmt::format("-{}, ", letter);
  name += "--" + long_name(option);
  if (!is_flag(option)) name += ' ' + option.get_type_name();
  return name;
}

std::string option_meaning(const CLI::Option& option) {
  std::string text = option.get_description();
  if (is_list(option)) text += "; repeatable";
  if (!is_flag(option) && !option.get_default_str().empty()) {
    text += fmt::format(" (default{}{})", kFixedSpace, option.get_default_str());
  }
  return text;
}

/// Adds the option groups in the order of their creation.
void add_groups(std::string& out, const CLI::App& app, std::string_view first_title) {
  const auto options = app.get_options();
  std::vector<std::string> groups;
  for (const CLI::Option* option : options) {
    const std::string& group = option->get_group();
    const bool seen = std::ranges::find(groups, group) != groups.end();
    if (!group.empty() && !seen) groups.push_back(group);
  }
  for (const std::string& group : groups) {
    out += fmt::format("\n{}:\n", group == "Options" ? first_title : group);
    for (const CLI::Option* option : options) {
      if (option->get_group() != group) continue;
      add_entry(out, option_name(*option), kTextColumn, option_meaning(*option));
    }
  }
}

}  // namespace

std::string help_text(const CLI::App& app, const CLI::App* command) {
  std::string out;
  wrap(out, 0, 0, command != nullptr ? command->get_description() : app.get_description());
  out += '\n';
  if (command != nullptr) {
    const std::string_view argument = argument_of(command->get_name());
    out += fmt::format("Usage: {} {}{}{} [options]\n",
                       app.get_name(),
                       command->get_name(),
                       argument.empty() ? "" : " ",
                       argument);
    add_groups(out, *command, "Options");
  } else {
    out +=
        fmt::format("Usage: {} [global options] COMMAND [options]\n\nCommands:\n", app.get_name());
    for (const CLI::App* each : app.get_subcommands([](const CLI::App*) { return true; })) {
      add_entry(out, each->get_name(), kCommandColumn, each->get_description());
    }
  }
  add_groups(out, app, "Global options, before or after the command");
  out += '\n';
  wrap(out, 0, 0, kSources);
  std::ranges::replace(out, kFixedSpace, ' ');
  return out;
}

}  // namespace autoreply
