#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/option_kinds.h"

namespace autoreply {

/// The words of a command line in the one form that leaves nothing to guess.
struct Arguments {
  enum class Asked { work, help, version };

  Asked asked = Asked::work;
  std::string command;             ///< empty: none, if help or the version is asked for
  std::string argument{};          ///< of a command that needs one
  std::vector<std::string> words;  ///< `--name=value` each, and the command
};

/// What the argument of a command is called; empty if the command takes options only.
[[nodiscard]] std::string_view argument_of(std::string_view command);

/// Reads the words after the program's name by our rules, before CLI11 sees them: an option that
/// needs a value never takes the next option for one, an empty value is none, and unknown commands
/// and options name the nearest right one. Errors are wrong usage, on one line; no value is
/// repeated in them. Throws WrongValue for a value that no option takes.
[[nodiscard]] Result<Arguments> read_arguments(CLI::App& app,
                                               const std::vector<std::string>& words);

}  // namespace autoreply
