#pragma once

#include <string>
#include <vector>

#include "cli/options.h"
#include "run/exit_status.h"

namespace autoreply {

/// What the program was asked to do.
struct CommandLine {
  enum class Command {
    answered,  ///< nothing is left to do but print: help, version, or what is wrong with the usage
    run,
    migrate,
  };

  Command command = Command::answered;
  GlobalOptions global;
  RunOptions run;
  MigrateOptions migrate;

  // For `answered`.
  std::string text;
  bool to_stderr = false;
  ExitStatus status = ExitStatus::ok;
};

/// Reads the command line, the environment (AUTOREPLY_ + the option's name in upper snake case) and
/// the file of `--config`, in this order of rank. `arguments` are those of main without the
/// program's name.
[[nodiscard]] CommandLine parse_command_line(std::vector<std::string> arguments);

}  // namespace autoreply
