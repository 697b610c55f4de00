#pragma once

#include <stop_token>

#include "base/log.h"
#include "job/job.h"
#include "net/http_sender.h"

namespace autoreply {

/// Sends requests. If it is given a log, it logs the bodies of requests and answers, with message
/// texts and phone numbers. It logs no headers and no keys. Each job has its own.
class BodyLog final : public HttpSender {
 public:
  /// `log` null: nothing is logged. All must outlive this object.
  BodyLog(HttpSender& sender, const JobId& job, const Log* log)
      : sender_(sender), job_(job), log_(log) {}

  [[nodiscard]] Task<HttpResult> post(const HttpRequest& request,
                                      const std::stop_token& stop) override;

 private:
  HttpSender& sender_;
  const JobId& job_;
  const Log* log_;
};

}  // namespace autoreply
