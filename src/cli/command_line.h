#pragma once

#include <string>
#include <vector>

#include "cli/options.h"
#include "run/exit_status.h"

namespace autoreply {

/// What the program is asked to do.
struct CommandLine {
  enum class Command {
    answer,  ///< print `text`: help or version
    refuse,  ///< print `error` and end with `status`
    run,
    migrate,
    doctor,
    status,
    list,
    show,
    retry,
    cancel,
    unblock,
    backfill,
    report,
    purge,
  };

  Command command = Command::refuse;
  GlobalOptions global;  ///< for `refuse`: `output` and `warnings` as far as they are known
  RunOptions run;        ///< of `doctor`, too
  MigrateOptions migrate;
  UnblockOptions unblock;
  StatusOptions queue_status;
  ListOptions list;
  ShowOptions show;
  ChangeOptions retry{.change = {.kind = JobChange::Kind::retry}};
  ChangeOptions cancel{.change = {.kind = JobChange::Kind::cancel}};
  ReportOptions report;
  PurgeOptions purge;
  BackfillOptions backfill;
  std::string text;
  std::string error;  ///< one line that names the problem and what to write; never a secret
  ExitStatus status = ExitStatus::ok;
};

/// Reads the command line, the environment (see environment.h) and the file of `--config` (see
/// config_file.h). Earlier sources take precedence. `arguments` are those of main without the
/// program's name.
///
/// A mistake on the command line is `usage`; any other is `misconfigured`. Messages repeat a value
/// only if it came from the command line and its option holds no secrets.
[[nodiscard]] CommandLine parse_command_line(const std::vector<std::string>& arguments);

}  // namespace autoreply
