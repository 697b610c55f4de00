#pragma once

#include <string>

#include "base/result.h"
#include "cli/options.h"

namespace CLI {
class App;
}  // namespace CLI

namespace autoreply {

/// Adds the options of every command. Values are written to `global` when they are read.
void add_global_options(CLI::App& app, GlobalOptions& global);

/// Adds the options of `run`.
void add_run_options(CLI::App& command, RunOptions& run, GlobalOptions& global);

/// Reads the id of a job, in any case.
[[nodiscard]] Result<std::string> read_job_id(const std::string& text);

/// Adds the options that choose jobs by id, workspace, contact and time.
void add_filter_options(CLI::App& app, JobFilter& filter);

/// Adds the options of `status`.
void add_status_options(CLI::App& command, StatusOptions& status);

/// Adds the options of `list`.
void add_list_options(CLI::App& command, ListOptions& list);

/// Adds the options of `retry` or `cancel`, whichever the change is.
void add_change_options(CLI::App& command, ChangeOptions& change);

/// Adds the options of `purge`.
void add_purge_options(CLI::App& command, PurgeOptions& purge);

/// Adds the options of `unblock`.
void add_unblock_options(CLI::App& command, UnblockOptions& unblock);

/// Adds the options of `backfill`.
void add_backfill_options(CLI::App& command, BackfillOptions& backfill);

/// Adds the options of `report`.
void add_report_options(CLI::App& command, ReportOptions& report);

/// Adds the options of `migrate`.
void add_migrate_options(CLI::App& command, MigrateOptions& migrate);

}  // namespace autoreply
