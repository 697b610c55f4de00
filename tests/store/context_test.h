#pragma once

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "support/store_test.h"

namespace autoreply::test {

/// `direction: body` of each message, in order.
inline std::vector<std::string> rendered(const std::vector<Message>& messages) {
  std::vector<std::string> lines;
  lines.reserve(messages.size());
  for (const Message& message : messages) {
    lines.push_back(fmt::format("{}: {}", message.direction, message.body));
  }
  return lines;
}

/// Tests what `start` reads. There is one job; its message says "original" and is 100 s old.
class ContextTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    job_ = host().job({.seconds_ago = 100}, "original");
  }

  MessageRow of_contact(std::string body, int seconds_ago, std::string direction = "inbound") {
    return {.contact_id = job_.contact_id,
            .direction = std::move(direction),
            .body = std::move(body),
            .seconds_ago = seconds_ago};
  }

  HostJob job_;
};

}  // namespace autoreply::test
