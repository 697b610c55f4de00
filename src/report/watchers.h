#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/log.h"
#include "net/http_sender.h"
#include "report/metrics.h"

namespace autoreply {

/// Where to tell of a run; an empty text means nowhere.
struct WatcherAddresses {
  std::string metrics_file;  ///< for node_exporter's textfile collector
  std::string pushgateway;   ///< URL, with or without /metrics/job/NAME
  std::string ping_url;      ///< as of Healthchecks
  std::string summary_file;  ///< such as /dev/termination-log
};

/// Tells those who watch the runs when one begins and how it ended. A failure is logged and changes
/// nothing else. Each call waits 3 s at most.
class Watchers final {
 public:
  /// `log` must outlive the watchers.
  Watchers(WatcherAddresses addresses, SenderMaker make_sender, const Log& log)
      : addresses_(std::move(addresses)), make_sender_(std::move(make_sender)), log_(log) {}

  void tell_begin();
  /// `report`: the summary or the error as one JSON object.
  void tell_end(const EndedRun& run, std::string_view report);

 private:
  void ping(std::string_view what, std::string_view body);
  void write_summary(std::string_view report);
  void write_metrics(const EndedRun& run);
  void push(const EndedRun& run);
  void post(std::string_view to, const std::string& url, std::string_view body);

  const WatcherAddresses addresses_;
  const SenderMaker make_sender_;
  // Both are made for the first call.
  std::unique_ptr<Loop> loop_{};
  std::unique_ptr<HttpSender> http_{};
  const Log& log_;
};

}  // namespace autoreply
