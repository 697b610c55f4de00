#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "store/database_config.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace autoreply {

/// A value that its option does not accept. Thrown while values are read. The place that knows
/// whether the value may be shown turns it into a message.
struct WrongValue {
  std::string option;    ///< long name with the dashes
  std::string value;     ///< for a list, one element
  std::string expected;  ///< what to write instead, in one clause
};

/// Adds the options of one group to a command. Each option writes a value to its target as soon as
/// it is read. The target must outlive the command's parsing. A wrong value throws WrongValue.
///
/// The source of a value makes no difference: the command line, the environment and the file all
/// use these readers.
class OptionGroup final {
 public:
  using Milliseconds = std::chrono::milliseconds;

  OptionGroup(CLI::App& app, std::string title) : app_(app), title_(std::move(title)) {}

  void flag(const std::string& name, bool& target, const std::string& help);
  void number(const std::string& name, int& target, int min, int max, const std::string& help);
  void number(const std::string& name,
              std::size_t& target,
              std::size_t min,
              std::size_t max,
              const std::string& help);
  void decimal(
      const std::string& name, double& target, double min, double max, const std::string& help);
  void duration(const std::string& name,
                Milliseconds& target,
                const std::string& help,
                Milliseconds min = Milliseconds{0});

  /// One of the words in `choices`, in any case.
  template <class Choice>
  void choice(const std::string& name,
              Choice& target,
              const std::vector<std::pair<std::string, Choice>>& choices,
              const std::string& help) {
    std::vector<std::string> words;
    std::size_t now = 0;
    for (const auto& [word, meaning] : choices) {
      if (meaning == target) now = words.size();
      words.push_back(word);
    }
    add_choice(name, words, now, help, [choices, &target](std::size_t chosen) {
      target = choices[chosen].second;
    });
  }

  /// Reads one value of a text option. Errors say what to write instead.
  using Read = std::function<Result<void>(const std::string& value)>;
  /// `value_name` represents the value in the help text. A value named URL or TOKEN may hold a
  /// secret and never appears in a message.
  void text(const std::string& name,
            const std::string& value_name,
            const Read& read,
            const std::string& help,
            const std::string& default_text = "");

  /// A repeatable option. Each value may contain several, separated by commas. `begin` removes the
  /// list's defaults.
  void list(const std::string& name,
            const std::string& value_name,
            const std::function<void()>& begin,
            const Read& read,
            const std::string& help,
            const std::string& default_text = "");
  void list(const std::string& name,
            const std::string& value_name,
            std::vector<std::string>& target,
            const std::string& help);

 private:
  template <class Number>
  void add_number(const std::string& name,
                  Number& target,
                  Number min,
                  Number max,
                  const std::string& help,
                  const char* kind);
  void add_choice(const std::string& name,
                  const std::vector<std::string>& words,
                  std::size_t now,
                  const std::string& help,
                  const std::function<void(std::size_t)>& choose);

  CLI::App& app_;
  std::string title_;
};

/// Returns the option's long name without dashes.
[[nodiscard]] std::string long_name(const CLI::Option& option);
[[nodiscard]] bool is_flag(const CLI::Option& option);
[[nodiscard]] bool is_list(const CLI::Option& option);
/// Whether the option's values may hold a secret.
[[nodiscard]] bool is_secret(const CLI::Option& option);

/// Returns the command's options that can be set by the environment and a file: all except --help
/// and --version.
[[nodiscard]] std::vector<CLI::Option*> settable_options(CLI::App& app);

/// Returns the value in the form for `CLI::Option::add_result`: "true" or "false" for a flag.
/// Throws WrongValue for a value that no option accepts: nothing, several lines, control
/// characters, invalid UTF-8.
[[nodiscard]] std::string checked_value(const CLI::Option& option, const std::string& value);

/// Sets the option to its values, at least one. Throws WrongValue.
void give_values(CLI::Option& option, const std::vector<std::string>& values);

}  // namespace autoreply
