#pragma once

#include "cli/options.h"

namespace CLI {
class App;
}  // namespace CLI

namespace autoreply {

/// Adds what every command takes. Values are written to `global` as they are read.
void add_global_options(CLI::App& app, GlobalOptions& global);

/// Adds what `run` takes.
void add_run_options(CLI::App& command, RunOptions& run, GlobalOptions& global);

/// Adds what `migrate` takes.
void add_migrate_options(CLI::App& command, MigrateOptions& migrate);

}  // namespace autoreply
