#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/secret.h"
#include "base/time_zone.h"
#include "context/quiet_hours.h"
#include "report/watchers.h"
#include "run/exit_status.h"
#include "settle/retry_rules.h"
#include "store/database_config.h"
#include "store/job_filter.h"
#include "store/queue_inspector.h"

namespace autoreply {

enum class OutputFormat { text, json };

/// Options of every command.
struct GlobalOptions {
  DatabaseConfig database;
  bool database_given = false;  ///< `database.url` is not just the default
  OutputFormat output = OutputFormat::text;
  LogLevel log_level = LogLevel::info;
  LogFormat log_format = LogFormat::text;
  /// The options that were given, with their values: those of several joined by commas. None can
  /// hold a secret.
  std::vector<std::pair<std::string, std::string>> given;
  /// Oddities of the environment, one line each, to be printed on standard error.
  std::vector<std::string> warnings;
};

/// Options of `run`.
struct RunOptions {
  std::string callback_url;
  Secret callback_token;
  int limit = 100;
  int concurrency = 16;
  int threads = 1;
  bool drain = false;
  std::chrono::milliseconds linger{0};
  std::chrono::milliseconds max_time{0};
  std::chrono::milliseconds lease{120'000};
  std::chrono::milliseconds grace{25'000};
  RetryRules retry{.max_attempts = 3, .in_doubt_wait = std::chrono::minutes(2)};
  /// How long an outage of a peer uses no attempts of the jobs that wait for it; 0: it uses them.
  std::chrono::milliseconds outage_wait{86'400'000};
  std::chrono::milliseconds max_age{86'400'000};
  int max_sends = 2;
  std::chrono::milliseconds provider_timeout{60'000};
  std::chrono::milliseconds callback_timeout{15'000};
  std::optional<std::string> provider;
  std::vector<std::string> allow_hosts;
  std::vector<std::string> key_hosts;
  std::vector<std::string> key_dirs;
  std::optional<std::string> price_file;
  JobFilter filter;
  ClaimLimits limits{.contact_per_minute = 5, .contact_per_hour = 30, .workspace_per_minute = 100};
  bool coalesce = false;
  bool shared_keys = false;  ///< key references work for every workspace
  /// A newer outbound message that is not ours always ends the job, however young the job is.
  bool skip_answered = false;
  std::optional<QuietHours> quiet_hours;
  TimeZone timezone;  ///< of contacts and workspaces that name none
  std::size_t reply_chars_max = 1'600;
  std::size_t segments_max = 0;             ///< of a reply as an SMS; 0: no limit
  std::optional<std::string> country_code;  ///< one to three digits, without "+"
  /// Words that the carrier answers itself, instead of the built-in ones; empty list: no words.
  std::optional<std::vector<std::string>> carrier_words;
  /// Statuses of a contact that mean "opted out", besides the built-in ones.
  std::vector<std::string> opted_out_statuses;
  bool dry_run = false;
  FailOn fail_on = FailOn::retry;
  bool log_bodies = false;
  WatcherAddresses watchers;
};

/// Options of `migrate`.
struct MigrateOptions {
  bool print = false;
  std::string grant_to;  ///< a role that gets the rights of a run; empty: none
};

/// Options of `status`.
struct StatusOptions {
  std::vector<std::string> workspaces;
  std::chrono::milliseconds max_lag{0};  ///< 0: any
};

/// Options of `list`.
struct ListOptions {
  JobSelection selection;
  int limit = 20;
};

/// Options of `show`.
struct ShowOptions {
  std::string id;  ///< of the job
};

/// Options of `retry` and `cancel`.
struct ChangeOptions {
  JobSelection selection;
  JobChange change;
  bool yes = false;      ///< do not ask
  bool dry_run = false;  ///< only say how many jobs would be changed
};

/// The youngest jobs that `purge` deletes: the limits count jobs of the last hour.
inline constexpr std::chrono::milliseconds kPurgeAgeMin = std::chrono::hours(24);

/// Options of `purge`.
struct PurgeOptions {
  PurgeSelection selection;  ///< `older_than` 0: not given
  bool yes = false;          ///< do not ask
  bool dry_run = false;      ///< only say how many jobs would be deleted
};

/// Options of `backfill`.
struct BackfillOptions {
  Period period;         ///< an empty `since` or `until`: not given
  int per_minute = 60;   ///< messages to enqueue; 0: at once
  bool yes = false;      ///< do not ask
  bool dry_run = false;  ///< only show the messages
};

/// Options of `report`.
struct ReportOptions {
  std::string html;   ///< the file to write
  std::string since;  ///< ISO 8601; empty: a week ago
  std::vector<std::string> workspaces;
};

/// Options of `unblock`.
struct UnblockOptions {
  std::string name;  ///< of the breaker, as the summary prints it
  bool dry_run = false;
};

}  // namespace autoreply
