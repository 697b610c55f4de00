#include "cli/arguments.h"

#include <algorithm>
#include <string_view>

#include <CLI/App.hpp>
#include <fmt/format.h>

#include "base/nearest.h"
#include "base/text.h"

namespace autoreply {
namespace {

constexpr std::size_t kShownBytesMax = 32;

/// Whether a message may repeat a word: only if it looks like a command or the name of an option.
/// Anything else may be a secret in the wrong place.
bool may_be_shown(std::string_view word) {
  return !word.empty() && word.size() <= kShownBytesMax &&
         std::ranges::all_of(word, [](unsigned char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
         });
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  return names;
}

CLI::Option* find_option(CLI::App& app, const std::string& name) {
  for (CLI::Option* option : app.get_options()) {
    if (option->check_lname(name)) return option;
  }
  return nullptr;
}

void add_option_names(CLI::App& app, std::vector<std::string>& names) {
  for (const CLI::Option* option : app.get_options()) {
    names.push_back("--" + long_name(*option));
  }
}

class ArgumentReader final {
 public:
  ArgumentReader(CLI::App& app, const std::vector<std::string>& words) : app_(app), words_(words) {}

  Result<Arguments> read() {
    while (next_ < words_.size() && result_.asked == Arguments::Asked::work) {
      const std::string& word = words_[next_++];
      const bool option = word.starts_with("--") && word.size() > 2;
      if (auto fit = option ? read_option(word) : read_word(word); !fit) return fail(fit.error());
    }
    if (result_.asked == Arguments::Asked::work && command_ == nullptr) {
      return wrong(fmt::format("name a command: {} (see autoreply --help)",
                               any_of_them(command_names(app_))));
    }
    const bool works = result_.asked == Arguments::Asked::work;
    if (works && takes_one() && result_.arguments.empty()) {
      return wrong(fmt::format(
          "write autoreply {} {}{}", result_.command, argument_of(result_.command), see_help()));
    }
    return std::move(result_);
  }

 private:
  static tl::unexpected<Error> wrong(std::string message) {
    return fail(ErrorKind::misconfigured, std::move(message));
  }

  [[nodiscard]] bool takes_many() const { return argument_of(result_.command).starts_with('['); }
  [[nodiscard]] bool takes_one() const {
    return !argument_of(result_.command).empty() && !takes_many();
  }

  [[nodiscard]] std::string see_help() const {
    return fmt::format(" (see autoreply {}--help)",
                       result_.command.empty() ? "" : result_.command + " ");
  }

  Result<void> read_word(const std::string& word) {
    if (word == "-h") {
      result_.asked = Arguments::Asked::help;
      return {};
    }
    if (word.starts_with('-')) return unknown_option(word);
    // Word processors turn two hyphens into one of these.
    for (const char* dash : {"\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212"}) {
      if (word.starts_with(dash)) {
        return wrong("an argument begins with a dash that is not a hyphen: type it as --option");
      }
    }
    if (command_ != nullptr && (takes_many() || (takes_one() && result_.arguments.empty()))) {
      return read_argument(word);
    }
    if (command_ != nullptr) {
      return wrong(
          may_be_shown(word)
              ? fmt::format("{} takes no argument '{}'{}", result_.command, word, see_help())
              : fmt::format("{} takes {}{}",
                            result_.command,
                            argument_of(result_.command).empty()
                                ? "only options, but one argument is not an option"
                                : "one argument and options, but a second argument was given",
                            see_help()));
    }
    const auto named = app_.get_subcommands(
        [&word](const CLI::App* command) { return command->get_name() == word; });
    if (named.empty()) return unknown_command(word);
    command_ = named.front();
    result_.command = word;
    result_.words.push_back(word);
    return {};
  }

  Result<void> read_argument(const std::string& word) {
    if (trimmed(word).empty() || to_valid_utf8(word) != word) {
      return wrong(fmt::format(
          "the {} must be text{}", takes_many() ? "ID" : argument_of(result_.command), see_help()));
    }
    result_.arguments.push_back(word);
    return {};
  }

  [[nodiscard]] Result<void> unknown_command(const std::string& word) const {
    if (!may_be_shown(word)) {
      return wrong(fmt::format("the first argument that is not an option must be a command: {}",
                               any_of_them(command_names(app_))));
    }
    const std::string meant = did_you_mean(word, command_names(app_));
    return wrong(
        fmt::format("there is no command '{}'{}", word, meant.empty() ? see_help() : meant));
  }

  [[nodiscard]] Result<void> unknown_option(const std::string& given) const {
    const std::string name = given.substr(0, given.find('='));
    for (CLI::App* command : app_.get_subcommands([](CLI::App*) { return true; })) {
      const CLI::Option* option =
          name.starts_with("--") ? find_option(*command, name.substr(2)) : nullptr;
      if (option == nullptr) continue;
      return wrong(
          command_ == nullptr
              ? fmt::format(
                    "{} must follow the command: autoreply {} {}", name, command->get_name(), name)
              : fmt::format("{} is an option of {}, not of {}",
                            name,
                            command->get_name(),
                            result_.command));
    }
    if (!may_be_shown(name)) return wrong("there is no such option" + see_help());
    std::vector<std::string> names;
    if (command_ != nullptr) add_option_names(*command_, names);
    add_option_names(app_, names);
    if (command_ == nullptr) {
      for (CLI::App* command : app_.get_subcommands([](CLI::App*) { return true; })) {
        add_option_names(*command, names);
      }
    }
    const std::string meant = did_you_mean(name, names);
    return wrong(fmt::format("there is no option {}{}", name, meant.empty() ? see_help() : meant));
  }

  Result<void> read_option(const std::string& word) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(2, equals == std::string::npos ? equals : equals - 2);
    const CLI::Option* option = command_ != nullptr ? find_option(*command_, name) : nullptr;
    if (option == nullptr) option = find_option(app_, name);
    if (option == nullptr) return unknown_option(word);
    if (name == "help" || name == "version") {
      result_.asked = name == "help" ? Arguments::Asked::help : Arguments::Asked::version;
      return {};
    }
    std::string value = "true";
    if (equals != std::string::npos) {
      value = word.substr(equals + 1);
    } else if (!is_flag(*option)) {
      if (next_ == words_.size()) return wrong(fmt::format("--{} needs a value", name));
      value = words_[next_++];
      if (value.starts_with('-')) {
        return wrong(fmt::format(
            "--{} needs a value (write --{}=-... if it begins with a dash)", name, name));
      }
    }
    result_.words.push_back(fmt::format("--{}={}", name, checked_value(*option, value)));
    return {};
  }

  CLI::App& app_;
  const std::vector<std::string>& words_;
  std::size_t next_ = 0;
  CLI::App* command_ = nullptr;
  Arguments result_;
};

}  // namespace

std::string_view argument_of(std::string_view command) {
  if (command == "unblock") return "NAME";
  if (command == "show") return "ID";
  if (command == "retry" || command == "cancel") return "[ID...]";
  return "";
}

Result<Arguments> read_arguments(CLI::App& app, const std::vector<std::string>& words) {
  return ArgumentReader(app, words).read();
}

}  // namespace autoreply
