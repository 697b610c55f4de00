#include <csignal>
#include <exception>
#include <string>
#include <vector>

#include "base/output.h"
#include "cli/command_line.h"
#include "cli/migrate_command.h"
#include "cli/run_command.h"

namespace {

using autoreply::CommandLine;
using autoreply::ExitStatus;

ExitStatus run_program(std::vector<std::string> arguments) {
  const CommandLine line = autoreply::parse_command_line(std::move(arguments));
  switch (line.command) {
    case CommandLine::Command::run:
      return autoreply::run_command(line.global, line.run);
    case CommandLine::Command::migrate:
      return autoreply::migrate_command(line.global, line.migrate);
    case CommandLine::Command::answered:
      break;
  }
  line.to_stderr ? autoreply::print_error(line.text) : autoreply::print_out(line.text);
  return line.status;
}

}  // namespace

int main(int argc, char** argv) {
  autoreply::open_standard_streams();
  // A reader that has gone and a file at its size limit are errors of a write, not our end.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    return static_cast<int>(run_program({argv + 1, argv + argc}));
  } catch (const std::exception& error) {
    autoreply::print_error(std::string("autoreply: internal error: ") + error.what() + "\n");
  }
  return static_cast<int>(ExitStatus::internal);
}
