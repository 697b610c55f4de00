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
#include "store/database.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace autoreply {

/// A value that its option does not take. Thrown while values are read, and turned into a message
/// where it is known whether the value may be repeated.
struct WrongValue {
  std::string option;    ///< its long name, with the dashes
  std::string value;     ///< one element of a list
  std::string expected;  ///< what to write instead; one clause
};

/// Adds options of one group to a command. What each reads is written to its target, which must
/// outlive the command's parsing, as soon as a value is read; a wrong value throws WrongValue.
///
/// Where a value comes from makes no difference: the command line, the environment and the file all
/// lead here.
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

  /// One word out of `choices`, in any case.
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

  /// Reads one value of an option that is a text. Errors say what to write instead.
  using Read = std::function<Result<void>(const std::string& value)>;
  /// `value_name` stands for the value in the help text; a URL or a TOKEN may hold a secret and is
  /// never repeated in a message.
  void text(const std::string& name,
            const std::string& value_name,
            const Read& read,
            const std::string& help,
            const std::string& default_text = "");

  /// Repeatable, and each value may be several, separated by commas. `begin` empties what the list
  /// holds by default.
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

  /// An option of the contract whose work is not in this version: hidden, and refused.
  void unavailable(const std::string& name);

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

/// The option's long name without dashes.
[[nodiscard]] std::string long_name(const CLI::Option& option);
[[nodiscard]] bool is_flag(const CLI::Option& option);
[[nodiscard]] bool is_list(const CLI::Option& option);
/// Whether the option's work is not in this version.
[[nodiscard]] bool is_unavailable(const CLI::Option& option);
/// Whether values of the option may hold a secret.
[[nodiscard]] bool is_secret(const CLI::Option& option);

/// The command's options that take values from the environment and a file: all but --help and
/// --version.
[[nodiscard]] std::vector<CLI::Option*> settable_options(CLI::App& app);

/// Returns the value as `CLI::Option::add_result` takes it: a flag's as "true" or "false". Throws
/// WrongValue for what no option takes: nothing, several lines, control characters, no UTF-8.
[[nodiscard]] std::string checked_value(const CLI::Option& option, const std::string& value);

/// Gives the option its values, at least one, and reads them. Throws WrongValue.
void give_values(CLI::Option& option, const std::vector<std::string>& values);

}  // namespace autoreply
