#include "report/summary_report.h"

#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/duration.h"

namespace autoreply {
namespace {

constexpr double kNanodollarsPerDollar = 1e9;
constexpr int kDueCountMax = 1'000;

double dollars(const Summary& summary) {
  return static_cast<double>(summary.cost_nanodollars) / kNanodollarsPerDollar;
}

std::string_view meaning(ExitStatus status) {
  switch (status) {
    case ExitStatus::ok:
      return "all is well";
    case ExitStatus::failed:
      return "at least one job failed for good";
    case ExitStatus::retry:
      return "some jobs are to be tried again; the next run does";
    case ExitStatus::unavailable:
      return "the database was lost";
    case ExitStatus::internal:
      return "something is broken; see the log";
    case ExitStatus::usage:
      return "wrong usage";
    case ExitStatus::misconfigured:
      return "wrong configuration";
  }
  return "";
}

}  // namespace

std::string summary_json(const Summary& summary, ExitStatus status) {
  const nlohmann::ordered_json document{{"run_id", summary.run_id},
                                        {"claimed", summary.claimed},
                                        {"completed", summary.completed},
                                        {"skipped", summary.skipped},
                                        {"retried", summary.retried},
                                        {"failed", summary.failed},
                                        {"deferred", summary.deferred},
                                        {"released", summary.released},
                                        {"lost", summary.lost},
                                        {"throttled", summary.throttled},
                                        {"held_back", summary.held_back},
                                        {"tokens", summary.tokens},
                                        {"cost", dollars(summary)},
                                        {"still_due", summary.still_due},
                                        {"duration_ms", summary.duration.count()},
                                        {"exit_status", static_cast<int>(status)}};
  return document.dump();
}

std::string summary_text(const Summary& summary, ExitStatus status) {
  std::string text =
      fmt::format("claimed {} in {}\n", summary.claimed, format_duration(summary.duration));
  const std::array<std::pair<std::string_view, int>, 9> counts{{
      {"completed", summary.completed},
      {"skipped", summary.skipped},
      {"retried", summary.retried},
      {"failed", summary.failed},
      {"deferred", summary.deferred},
      {"released", summary.released},
      {"lost", summary.lost},
      {"throttled", summary.throttled},
      {"held back", summary.held_back},
  }};
  for (const auto& [name, count] : counts) {
    if (count > 0) text += fmt::format("  {:<10} {:>6}\n", name, count);
  }
  text += fmt::format("{} tokens, ${:.6f}\n", summary.tokens, dollars(summary));
  if (summary.still_due > 0) {
    text += fmt::format(
        "{}{} still due\n", summary.still_due, summary.still_due >= kDueCountMax ? " or more" : "");
  }
  return text + fmt::format("exit status {}: {}\n", static_cast<int>(status), meaning(status));
}

}  // namespace autoreply
