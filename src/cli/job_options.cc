#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/nearest.h"
#include "base/text.h"
#include "base/uuid.h"
#include "cli/command_options.h"
#include "cli/instant.h"
#include "cli/option_kinds.h"

namespace autoreply {
namespace {

constexpr int kLimitMax = 1'000'000'000;

OptionGroup::Read read_instant_into(std::optional<std::string>& target) {
  return [&target](const std::string& value) -> Result<void> {
    auto instant = parse_instant(value, std::chrono::system_clock::now());
    if (!instant) return fail(instant.error());
    target = std::move(*instant);
    return {};
  };
}

/// The words of the column `status`, and what people call them.
Result<void> read_status(std::vector<std::string>& target, const std::string& value) {
  const std::string word = lower_case(value);
  const std::vector<std::string> words{"pending", "processing", "complete", "error"};
  if (std::ranges::find(words, word) != words.end()) {
    target.push_back(word);
  } else if (word == "failed") {
    target.emplace_back("error");
  } else {
    const std::string meant = did_you_mean(word, words);
    return fail(ErrorKind::misconfigured,
                meant.empty() ? "write pending, processing, complete or error"
                              : "there is no such status" + meant);
  }
  return {};
}

void add_selection_options(CLI::App& command, JobSelection& selection) {
  add_filter_options(command, selection.filter);
  OptionGroup group(command, "Only these jobs");
  group.list(
      "--status",
      "STATUS",
      [&selection] { selection.statuses.clear(); },
      [&selection](const std::string& word) { return read_status(selection.statuses, word); },
      "pending, processing, complete or error");
  group.text(
      "--error",
      "TEXT",
      [&selection](const std::string& text) -> Result<void> {
        selection.text = text;
        return {};
      },
      "whose error or outcome contains this text");
}

OptionGroup::Read read_instant_into(std::string& target) {
  return [&target](const std::string& value) -> Result<void> {
    auto instant = parse_instant(value, std::chrono::system_clock::now());
    if (!instant) return fail(instant.error());
    target = std::move(*instant);
    return {};
  };
}

}  // namespace

Result<std::string> read_job_id(const std::string& text) {
  if (!is_uuid(text)) return fail(ErrorKind::misconfigured, "write the id of a job, a UUID");
  return lower_case(text);
}

void add_filter_options(CLI::App& app, JobFilter& filter) {
  OptionGroup group(app, "Only these jobs");
  group.list("--workspace", "ID", filter.workspace_ids, "of this workspace");
  group.list("--contact", "ID", filter.contact_ids, "of this contact");
  group.list(
      "--id",
      "ID",
      [&filter] { filter.job_ids.clear(); },
      [&filter](const std::string& id) -> Result<void> {
        auto read = read_job_id(id);
        if (!read) return fail(read.error());
        filter.job_ids.push_back(std::move(*read));
        return {};
      },
      "with this id");
  group.text("--since",
             "T",
             read_instant_into(filter.created_since),
             "created at or after T: 2026-11-22T10:00:00Z, or an age such as 2h");
  group.text("--until", "T", read_instant_into(filter.created_before), "created before T");
}

void add_status_options(CLI::App& command, StatusOptions& status) {
  OptionGroup group(command, "Options");
  group.list("--workspace", "ID", status.workspaces, "of this workspace");
  group.duration(
      "--max-lag", status.max_lag, "end with status 1 if a job has been due for longer; 0: never");
}

void add_list_options(CLI::App& command, ListOptions& list) {
  add_selection_options(command, list.selection);
  OptionGroup group(command, "Options");
  group.number("--limit", list.limit, 1, kLimitMax, "at most N jobs, the newest");
}

void add_purge_options(CLI::App& command, PurgeOptions& purge) {
  OptionGroup group(command, "Options");
  group.duration("--older-than",
                 purge.selection.older_than,
                 "delete jobs that finished longer ago, such as 90d; required",
                 kPurgeAgeMin);
  group.list(
      "--status",
      "STATUS",
      [&purge] { purge.selection.statuses.clear(); },
      [&purge](const std::string& word) -> Result<void> {
        auto read = read_status(purge.selection.statuses, word);
        if (!read) return read;
        const std::string& status = purge.selection.statuses.back();
        if (status == "complete" || status == "error") return {};
        return fail(ErrorKind::misconfigured, "write complete or error: others are not finished");
      },
      "complete or error; both unless given");
  group.list("--workspace", "ID", purge.selection.workspace_ids, "of this workspace");
  group.flag("--yes", purge.yes, "delete without a question");
  group.flag("--dry-run", purge.dry_run, "only say how many jobs would be deleted");
}

void add_unblock_options(CLI::App& command, UnblockOptions& unblock) {
  OptionGroup group(command, "Options");
  group.flag("--dry-run", unblock.dry_run, "only say whether there is such a breaker");
}

void add_backfill_options(CLI::App& command, BackfillOptions& backfill) {
  OptionGroup group(command, "Options");
  group.text("--since",
             "T",
             read_instant_into(backfill.period.since),
             "messages that came at or after T, such as 2026-11-22 or 2d; required");
  group.text("--until", "T", read_instant_into(backfill.period.until), "and before T", "5m");
  group.list("--workspace", "ID", backfill.period.workspace_ids, "of this workspace");
  group.list("--contact", "ID", backfill.period.contact_ids, "of this contact");
  group.number("--per-minute",
               backfill.per_minute,
               0,
               kLimitMax,
               "messages to enqueue in a minute; 0: all at once");
  group.flag("--yes", backfill.yes, "enqueue without a question");
  group.flag("--dry-run", backfill.dry_run, "only show the messages");
}

void add_report_options(CLI::App& command, ReportOptions& report) {
  OptionGroup group(command, "Options");
  group.text(
      "--html",
      "FILE",
      [&report](const std::string& file) -> Result<void> {
        report.html = file;
        return {};
      },
      "the page to write; required");
  group.text("--since", "T", read_instant_into(report.since), "about the time since T", "7d");
  group.list("--workspace", "ID", report.workspaces, "of this workspace");
}

void add_change_options(CLI::App& command, ChangeOptions& change) {
  add_selection_options(command, change.selection);
  OptionGroup group(command, "Options");
  if (change.change.kind == JobChange::Kind::retry) {
    group.flag("--regenerate",
               change.change.regenerate,
               "discard a reply that is recorded and ask the provider again");
    group.flag("--delivery-unknown",
               change.change.delivery_unknown,
               "also jobs whose customer may have the reply already");
  }
  group.flag("--yes", change.yes, "change more than one job without a question");
  group.flag("--dry-run", change.dry_run, "only say how many jobs would be changed");
}

}  // namespace autoreply
