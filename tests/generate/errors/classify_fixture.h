#pragma once

#include <chrono>
#include <initializer_list>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "generate/errors/classify.h"

namespace autoreply::test {

/// Sun, 22 Nov 2026 12:00:00 GMT
inline const std::chrono::system_clock::time_point kReceivedAt =
    std::chrono::system_clock::from_time_t(1'795'348'800);

/// An answer of a provider or gateway.
struct Case {
  int status;
  std::string body;
  std::initializer_list<std::pair<std::string, std::string>> headers = {};
};

inline Answer read(const Case& test) {
  HttpResponse response;
  response.status = test.status;
  response.body = test.body;
  for (const auto& [name, value] : test.headers) response.headers.add(name, value);
  return classify_error(response, {"openai", "the-model", kReceivedAt});
}

inline void expect_all(Finding finding, std::initializer_list<Case> cases) {
  for (const Case& test : cases) {
    const Answer answer = read(test);
    EXPECT_EQ(finding, answer.finding) << test.status << " " << test.body << "\n" << answer.reason;
    EXPECT_LE(answer.reason.size(), 300U);
  }
}

}  // namespace autoreply::test
