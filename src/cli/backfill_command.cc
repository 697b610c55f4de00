#include "cli/backfill_command.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_fields.h"
#include "base/output.h"
#include "base/pause.h"
#include "base/text.h"
#include "cli/consent.h"
#include "cli/error_report.h"
#include "cli/progress.h"
#include "report/time_text.h"
#include "run/stop_signal.h"
#include "store/database.h"
#include "store/database_url.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int kShownMax = 20;
constexpr int kBatchMax = 500;
constexpr milliseconds kTick{1'000};

std::string messages_text(std::int64_t count) {
  return count == 1 ? "1 message" : fmt::format("{} messages", count);
}

class Backfill final {
 public:
  Backfill(const GlobalOptions& global, const BackfillOptions& options, QueueInspector& inspector)
      : global_(global), options_(options), inspector_(inspector) {}

  ExitStatus run() {
    const auto found = inspector_.unanswered(options_.period, std::nullopt, kShownMax);
    if (!found) return report_error(found.error(), global_.output);
    if (global_.output == OutputFormat::text) print_out(list_text(*found));
    if (found->count == 0 || options_.dry_run) return report(found->count, ExitStatus::ok);
    if (auto refused = refused_consent(
            fmt::format("enqueue {}", messages_text(found->count)), options_.yes, global_)) {
      return *refused;
    }
    StopSignal stop(milliseconds{0}, milliseconds{0});
    stop.begin_work();
    if (auto done = enqueue_all(stop.stopping()); !done) {
      print_error(
          fmt::format("autoreply: {} were enqueued before the error\n", messages_text(enqueued_)));
      return report_error(done.error(), global_.output);
    }
    return report(found->count,
                  stop.stopping().stop_requested() ? ExitStatus::retry : ExitStatus::ok);
  }

 private:
  static std::string list_text(const UnansweredMessages& found) {
    std::string text =
        fmt::format("{} without an entry and without an answer\n", messages_text(found.count));
    const std::size_t shown = std::min<std::size_t>(kShownMax, found.messages.size());
    for (const UnansweredMessage& message : std::span(found.messages).first(shown)) {
      text += fmt::format("  {}  {}  contact {}  message {}\n",
                          time_text(message.created_at),
                          one_line(message.workspace_id),
                          message.contact_id,
                          message.id);
    }
    if (found.count > static_cast<std::int64_t>(shown)) {
      text += fmt::format("  and {} more\n", found.count - static_cast<std::int64_t>(shown));
    }
    return text;
  }

  Result<void> enqueue_all(const std::stop_token& stop) {
    std::optional<UnansweredMessage> last;
    std::optional<Progress> progress;
    for (;;) {
      const auto found = inspector_.unanswered(options_.period, last, kBatchMax);
      if (!found) return fail(found.error());
      if (!progress) progress.emplace("enqueued", found->count);
      std::span<const UnansweredMessage> left = found->messages;
      if (left.empty()) return {};
      last = left.back();
      while (!left.empty()) {
        const std::size_t allowed = wait_for_room(left.size(), stop);
        if (allowed == 0) return {};
        const auto made = inspector_.enqueue(left.first(allowed));
        if (!made) return fail(made.error());
        handed_in_ += static_cast<std::int64_t>(allowed);
        enqueued_ += *made;
        progress->show(handed_in_);
        left = left.subspan(allowed);
      }
    }
  }

  /// Waits until the pace allows some of `wanted` messages, and returns how many. 0: stopped.
  std::size_t wait_for_room(std::size_t wanted, const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      if (options_.per_minute == 0) return std::min<std::size_t>(wanted, kBatchMax);
      const double minutes =
          std::chrono::duration<double, std::ratio<60>>(steady_clock::now() - started_).count();
      const auto allowed = 1 + static_cast<std::int64_t>(minutes * options_.per_minute);
      if (allowed > handed_in_) {
        return std::min(wanted, static_cast<std::size_t>(allowed - handed_in_));
      }
      pause_unless_stopped(std::min(kTick, milliseconds{60'000 / options_.per_minute}), stop);
    }
    return 0;
  }

  [[nodiscard]] ExitStatus report(std::int64_t found, ExitStatus status) const {
    if (global_.output == OutputFormat::json) {
      print_out(dump_in_order({{"database", database_label(global_.database.url)},
                               {"found", found},
                               {"enqueued", enqueued_},
                               {"dry_run", options_.dry_run},
                               {"exit_status", static_cast<int>(status)}}) +
                "\n");
    } else if (options_.dry_run) {
      print_out("nothing was written\n");
    } else if (status == ExitStatus::retry) {
      print_out(fmt::format(
          "enqueued {} of {} before the stop; the same command goes on\n", enqueued_, found));
    } else {
      print_out(fmt::format("enqueued {}; the next run takes them\n", messages_text(enqueued_)));
    }
    return status;
  }

  const GlobalOptions& global_;
  const BackfillOptions& options_;
  QueueInspector& inspector_;
  const steady_clock::time_point started_ = steady_clock::now();
  std::int64_t handed_in_ = 0;
  std::int64_t enqueued_ = 0;
};

}  // namespace

ExitStatus backfill_command(const GlobalOptions& global, const BackfillOptions& options) {
  if (options.period.since.empty()) {
    return report_failure(
        "--since is missing: write when the period begins, such as 2026-11-22 or 2d",
        ExitStatus::usage,
        global.output);
  }
  auto opened = open_inspector(global.database);
  if (!opened) return report_error(opened.error(), global.output);
  BackfillOptions whole = options;
  if (whole.period.until.empty()) {
    // The host may be about to enqueue a newer one itself.
    const auto until = (*opened)->now(std::chrono::minutes(5));
    if (!until) return report_error(until.error(), global.output);
    whole.period.until = *until;
  }
  return Backfill(global, whole, **opened).run();
}

}  // namespace autoreply
