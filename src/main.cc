#include <csignal>
#include <exception>
#include <string>
#include <vector>

#include <malloc.h>

#include "base/output.h"
#include "cli/backfill_command.h"
#include "cli/change_command.h"
#include "cli/command_line.h"
#include "cli/doctor_command.h"
#include "cli/error_report.h"
#include "cli/list_command.h"
#include "cli/migrate_command.h"
#include "cli/purge_command.h"
#include "cli/report_command.h"
#include "cli/run_command.h"
#include "cli/show_command.h"
#include "cli/status_command.h"
#include "cli/unblock_command.h"

namespace {

using autoreply::CommandLine;
using autoreply::ExitStatus;

ExitStatus run_program(const CommandLine& line) {
  // A run logs its warnings instead.
  if (line.command != CommandLine::Command::run) {
    for (const std::string& warning : line.global.warnings) {
      autoreply::print_error("autoreply: warning: " + warning + "\n");
    }
  }
  switch (line.command) {
    case CommandLine::Command::run:
      return autoreply::run_command(line.global, line.run);
    case CommandLine::Command::migrate:
      return autoreply::migrate_command(line.global, line.migrate);
    case CommandLine::Command::unblock:
      return autoreply::unblock_command(line.global, line.unblock);
    case CommandLine::Command::doctor:
      return autoreply::doctor_command(line.global, line.run);
    case CommandLine::Command::backfill:
      return autoreply::backfill_command(line.global, line.backfill);
    case CommandLine::Command::report:
      return autoreply::report_command(line.global, line.report);
    case CommandLine::Command::purge:
      return autoreply::purge_command(line.global, line.purge);
    case CommandLine::Command::status:
      return autoreply::status_command(line.global, line.queue_status);
    case CommandLine::Command::list:
      return autoreply::list_command(line.global, line.list);
    case CommandLine::Command::show:
      return autoreply::show_command(line.global, line.show);
    case CommandLine::Command::retry:
      return autoreply::change_command(line.global, line.retry);
    case CommandLine::Command::cancel:
      return autoreply::change_command(line.global, line.cancel);
    case CommandLine::Command::answer:
      autoreply::print_out(line.text);
      return ExitStatus::ok;
    case CommandLine::Command::refuse:
      break;
  }
  return autoreply::report_failure(line.error, line.status, line.global.output);
}

}  // namespace

int main(int argc, char** argv) {
  // Memory that a large answer took goes back to the system. Otherwise each thread would keep its
  // own. What a batch took stays: giving it back and asking for it again would cost a tenth of the
  // time.
  constexpr int kLargeBytes = 256 << 10;
  constexpr int kKeptBytes = 1 << 20;
  mallopt(M_MMAP_THRESHOLD, kLargeBytes);
  mallopt(M_TRIM_THRESHOLD, kKeptBytes);
  autoreply::open_standard_streams();
  // A vanished reader or a file at its size limit must fail the write, not end the process.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  CommandLine line;
  try {
    line = autoreply::parse_command_line({argv + 1, argv + argc});
    return static_cast<int>(run_program(line));
  } catch (const std::exception& error) {
    return static_cast<int>(autoreply::report_failure(
        std::string("internal error: ") + error.what(), ExitStatus::internal, line.global.output));
  }
}
