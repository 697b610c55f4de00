#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/migrate_command.h"
#include "cli/run_command.h"
#include "run/stop_signal.h"

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
  std::fputs(line.text.c_str(), line.to_stderr ? stderr : stdout);
  return line.status;
}

}  // namespace

int main(int argc, char** argv) {
  autoreply::block_stop_signals();
  try {
    return static_cast<int>(run_program({argv + 1, argv + argc}));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "autoreply: internal error: %s\n", error.what());
  }
  return static_cast<int>(ExitStatus::internal);
}
