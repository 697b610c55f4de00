#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/option_kinds.h"

namespace autoreply {

/// The words of a command line in an unambiguous form.
struct Arguments {
  enum class Asked { work, help, version };

  Asked asked = Asked::work;
  std::string command;                   ///< empty: none, because help or the version was requested
  std::vector<std::string> arguments{};  ///< of the command, as many as it takes
  std::vector<std::string> words;        ///< the command, and each option as `--name=value`
};

/// Returns the name of a command's argument as the help prints it: "NAME" for one, "[ID...]" for
/// any number. Empty if the command takes options only.
[[nodiscard]] std::string_view argument_of(std::string_view command);

/// Checks the words after the program's name by our rules before CLI11 sees them: an option that
/// needs a value never takes the next option as one, an empty value counts as none, and the error
/// for an unknown command or option suggests the nearest one. Every error is wrong usage and fits
/// on one line. Values never appear in errors. Throws WrongValue for a value that no option
/// accepts.
[[nodiscard]] Result<Arguments> read_arguments(CLI::App& app,
                                               const std::vector<std::string>& words);

}  // namespace autoreply
