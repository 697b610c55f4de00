#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "base/log.h"
#include "job/job.h"
#include "net/http_sender.h"

namespace autoreply {

/// Sends requests, and logs what was sent and answered if it is given a log: message texts and
/// phone numbers included, headers not. One thread at a time.
class BodyLog final : public HttpSender {
 public:
  /// `log` null: nothing is logged. It must outlive the sender.
  BodyLog(std::unique_ptr<HttpSender> sender, const Log* log)
      : sender_(std::move(sender)), log_(log) {}

  /// The job that the next requests are for.
  void note_job(const JobId& job) { job_ = job.value; }

  [[nodiscard]] HttpResult post(const HttpRequest& request, const std::stop_token& stop) override;

 private:
  std::unique_ptr<HttpSender> sender_;
  const Log* log_;
  std::string job_;
};

}  // namespace autoreply
