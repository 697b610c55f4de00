#pragma once

#include <chrono>
#include <string>

#include "net/http_message.h"

namespace autoreply::test {

inline HttpRequest request_to(
    const std::string& url, std::chrono::milliseconds timeout = std::chrono::milliseconds(10'000)) {
  HttpRequest request;
  request.url = url;
  request.headers = {{"Content-Type", "application/json"}};
  request.body = R"({"n":1})";
  request.timeout = timeout;
  request.address_policy = AddressPolicy::any;
  return request;
}

/// The failure that the result is. An answer becomes an `invalid` one.
inline HttpFailure failure_of(const HttpResult& result) {
  using Kind = HttpFailure::Kind;
  if (result) return {Kind::invalid, false, "an answer came: " + std::to_string(result->status)};
  return result.error();
}

}  // namespace autoreply::test
