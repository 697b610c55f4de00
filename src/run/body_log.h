#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "base/log.h"
#include "job/job.h"
#include "net/http_sender.h"

namespace autoreply {

/// Sends requests. If it is given a log, it logs the bodies of requests and answers, with message
/// texts and phone numbers. It logs no headers and no keys. One thread at a time.
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
