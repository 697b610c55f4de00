#include "report/watchers.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <stop_token>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "base/whole_file.h"

namespace autoreply {
namespace {

constexpr std::chrono::seconds kPatience{3};
/// Kubernetes shows this much of a termination message.
constexpr std::size_t kSummaryBytesMax = 4'096;
constexpr std::size_t kMetricsBytesMax = 1U << 20U;

/// Returns the URL with `/what` at the end of its path.
std::string below(std::string_view url, std::string_view what) {
  const std::size_t query = std::min(url.find('?'), url.size());
  std::string_view path = url.substr(0, query);
  while (path.ends_with('/')) path.remove_suffix(1);
  return fmt::format("{}/{}{}", path, what, url.substr(query));
}

std::string beginning_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kMetricsBytesMax, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
  return text;
}

}  // namespace

void Watchers::tell_begin() {
  if (!addresses_.ping_url.empty()) ping("start", "");
}

void Watchers::tell_end(const EndedRun& run, std::string_view report) {
  if (!addresses_.metrics_file.empty()) write_metrics(run);
  if (!addresses_.pushgateway.empty()) push(run);
  if (!addresses_.summary_file.empty()) write_summary(report);
  if (!addresses_.ping_url.empty()) ping(std::to_string(static_cast<int>(run.status)), report);
}

void Watchers::ping(std::string_view what, std::string_view body) {
  post("--ping-url", below(addresses_.ping_url, what), body);
}

/// Written in place: the kubelet watches the file that it has made.
void Watchers::write_summary(std::string_view report) {
  std::ofstream file(addresses_.summary_file, std::ios::binary | std::ios::trunc);
  file << report.substr(0, kSummaryBytesMax) << '\n' << std::flush;
  if (!file) log_.warn("summary_not_written", {{"path", addresses_.summary_file}});
}

/// The collector may read at any time, and is another user.
void Watchers::write_metrics(const EndedRun& run) {
  const std::string& path = addresses_.metrics_file;
  std::string text = metrics_text(run);
  const std::string success = last_success_of(text);
  if (success.empty()) text += last_success_of(beginning_of(path));
  const std::string problem = write_whole_file(path, text, std::filesystem::perms{0644});
  if (!problem.empty()) log_.warn("metrics_not_written", {{"path", path}, {"reason", problem}});
}

/// A POST replaces only the metrics that it names, so the last success survives a failure.
void Watchers::push(const EndedRun& run) {
  const std::string& url = addresses_.pushgateway;
  const bool names_job = url.find("/metrics/job") != std::string::npos;
  post("--pushgateway", names_job ? url : below(url, "metrics/job/autoreply"), metrics_text(run));
}

void Watchers::post(std::string_view to, const std::string& url, std::string_view body) {
  const HttpRequest request{.url = url,
                            .headers = {{"Content-Type", "text/plain; version=0.0.4"}},
                            .body = body,
                            .timeout = kPatience,
                            .connect_timeout = kPatience,
                            .response_bytes_max = 64U << 10U,
                            .address_policy = AddressPolicy::any};
  std::string problem;
  try {
    if (!http_) {
      loop_ = std::make_unique<Loop>();
      http_ = make_sender_(*loop_);
    }
    const std::stop_token never;
    const HttpResult answer = loop_->run(http_->post(request, never));
    if (!answer) {
      problem = answer.error().message;
    } else if (answer->status < 200 || answer->status > 299) {
      problem = fmt::format("HTTP {}", answer->status);
    }
  } catch (const std::system_error& lack) {
    problem = lack.what();
  }
  if (!problem.empty())
    log_.warn("watcher_not_told", {{"option", std::string(to)}, {"reason", problem}});
}

}  // namespace autoreply
