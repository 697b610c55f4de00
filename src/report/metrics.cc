#include "report/metrics.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace autoreply {
namespace {

constexpr std::string_view kLastSuccess = "autoreply_last_success_timestamp_seconds";

/// The value of a label, as the format wants it between the quotes.
std::string label_value(std::string_view text) {
  std::string escaped;
  for (const char character : one_line(to_valid_utf8(text))) {
    if (character == '\\' || character == '"') escaped += '\\';
    escaped += character;
  }
  return escaped;
}

class Metrics final {
 public:
  /// Begins a metric; its samples follow.
  void begin(std::string_view name, std::string_view type, std::string_view help) {
    text_ += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, type);
  }

  template <class Value>
  void sample(std::string_view name, std::string_view labels, Value value) {
    text_ += labels.empty() ? fmt::format("{} {}\n", name, value)
                            : fmt::format("{}{{{}}} {}\n", name, labels, value);
  }

  template <class Value>
  void gauge(std::string_view name, std::string_view help, Value value) {
    begin(name, "gauge", help);
    sample(name, "", value);
  }

  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

double in_seconds(std::chrono::milliseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

void add_jobs(Metrics& metrics, const Summary& summary) {
  constexpr std::string_view kName = "autoreply_jobs";
  metrics.begin(kName, "gauge", "Jobs of the last run by outcome and reason.");
  for (const Outcome outcome : kOutcomes) {
    int known = 0;
    for (const auto& [of, count] : summary.reasons) {
      if (of.first != outcome || of.second.empty() || count == 0) continue;
      known += count;
      metrics.sample(
          kName,
          fmt::format(R"(outcome="{}",reason="{}")", to_string(outcome), label_value(of.second)),
          count);
    }
    metrics.sample(kName,
                   fmt::format(R"(outcome="{}",reason="")", to_string(outcome)),
                   summary.outcomes[outcome] - known);
  }
  metrics.sample(kName, R"(outcome="lost",reason="")", summary.lost);
}

void add_breakers(Metrics& metrics, const Summary& summary) {
  constexpr std::string_view kName = "autoreply_breaker_open";
  metrics.begin(
      kName, "gauge", "Open breakers that keep jobs waiting or refused a call of the last run.");
  const bool any = !summary.breakers.empty() || summary.waits_for != Scope::job;
  metrics.sample(kName, R"(of="any")", any ? 1 : 0);
  std::map<std::string, int> by_label;
  for (const HeldBack& one : summary.breakers) ++by_label[label_value(one.by.peer.label)];
  for (const auto& [label, count] : by_label) {
    metrics.sample(kName, fmt::format(R"(of="{}")", label), 1);
  }
}

void add_latencies(Metrics& metrics, const Summary& summary) {
  constexpr std::string_view kName = "autoreply_provider_latency_seconds";
  if (summary.latencies.empty()) return;
  metrics.begin(kName, "histogram", "How long the providers' calls of the last run took.");
  for (const auto& [provider, latencies] : summary.latencies) {
    const std::string label = fmt::format(R"(provider="{}")", label_value(provider));
    const std::string bucket = fmt::format("{}_bucket", kName);
    int sum = 0;
    for (std::size_t at = 0; at < latencies.buckets.size(); ++at) {
      sum += latencies.buckets.at(at);
      metrics.sample(bucket, fmt::format(R"({},le="{}")", label, Latencies::kBounds.at(at)), sum);
    }
    metrics.sample(bucket, fmt::format(R"({},le="+Inf")", label), latencies.count);
    metrics.sample(fmt::format("{}_sum", kName), label, latencies.sum);
    metrics.sample(fmt::format("{}_count", kName), label, latencies.count);
  }
}

void add_summary(Metrics& metrics, const Summary& summary) {
  add_jobs(metrics, summary);
  metrics.gauge("autoreply_claimed_jobs", "Jobs that the last run claimed.", summary.claimed);
  metrics.gauge("autoreply_due_jobs",
                "Due jobs at the end of the last run, counted to 1000.",
                summary.still_due);
  metrics.gauge("autoreply_throttled_jobs",
                "Due jobs that a limit kept from being claimed.",
                summary.throttled);
  metrics.gauge("autoreply_held_back_jobs",
                "Due jobs that a breaker kept from being claimed.",
                summary.held_back);
  metrics.gauge("autoreply_oldest_due_seconds",
                "How long the oldest due job has been due.",
                in_seconds(summary.oldest_due));
  add_breakers(metrics, summary);
  add_latencies(metrics, summary);
  metrics.gauge("autoreply_tokens", "Tokens that the last run used.", summary.tokens);
  metrics.gauge(
      "autoreply_cost_dollars", "Known cost of the last run in US dollars.", summary.dollars());
  metrics.gauge("autoreply_unpriced_generations",
                "Generations of the last run without a known price.",
                summary.unpriced);
  metrics.gauge("autoreply_sms_segments",
                "SMS segments of the replies that the host took.",
                summary.segments);
  metrics.gauge("autoreply_run_duration_seconds",
                "How long the last run took.",
                in_seconds(summary.duration));
}

}  // namespace

std::string metrics_text(const EndedRun& run) {
  const double ended_at = std::chrono::duration<double>(run.ended_at.time_since_epoch()).count();
  Metrics metrics;
  if (run.summary != nullptr) add_summary(metrics, *run.summary);
  metrics.gauge(
      "autoreply_exit_status", "The exit status of the last run.", static_cast<int>(run.status));
  metrics.gauge("autoreply_last_run_timestamp_seconds",
                "When the last run ended.",
                fmt::format("{:.3f}", ended_at));
  if (run.status == ExitStatus::ok && run.summary->waits_for != Scope::the_operator) {
    metrics.gauge(kLastSuccess,
                  "When the last run ended with status 0 and no setting of the operator to mend.",
                  fmt::format("{:.3f}", ended_at));
  }
  return metrics.take();
}

std::string last_success_of(std::string_view metrics) {
  std::string found;
  while (!metrics.empty()) {
    const std::size_t end = std::min(metrics.find('\n'), metrics.size());
    const std::string_view line = metrics.substr(0, end);
    const bool is_about = line.starts_with(kLastSuccess) ||
                          ((line.starts_with("# HELP ") || line.starts_with("# TYPE ")) &&
                           line.substr(7).starts_with(kLastSuccess));
    if (is_about) found += fmt::format("{}\n", line);
    metrics.remove_prefix(std::min(end + 1, metrics.size()));
  }
  return found;
}

}  // namespace autoreply
