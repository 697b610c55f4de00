#include "net/retry_after.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

#include <curl/curl.h>

#include "base/text.h"

namespace autoreply {
namespace {

std::optional<std::chrono::system_clock::time_point> parse_http_date(std::string_view text) {
  const std::time_t seconds = curl_getdate(std::string(text).c_str(), nullptr);
  if (seconds == -1) return std::nullopt;
  return std::chrono::system_clock::from_time_t(seconds);
}

std::optional<double> number_in(const HttpHeaders& headers, std::string_view name) {
  const auto value = headers.find(name);
  return value ? parse_decimal(trimmed(*value)) : std::nullopt;
}

}  // namespace

std::optional<std::chrono::milliseconds> wait_of_seconds(double seconds) {
  if (!std::isfinite(seconds) || seconds <= 0) return std::nullopt;
  const double bounded = std::min(seconds * 1'000, static_cast<double>(kWaitMax.count()));
  // Half a microsecond of tolerance, so that 1.25 s is 1250 ms and not 1251.
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(bounded - 0.0005)));
}

std::optional<double> parse_decimal(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::chrono::system_clock::time_point date_of(const HttpHeaders& headers,
                                              std::chrono::system_clock::time_point now) {
  const auto date = headers.find("date");
  return date ? parse_http_date(*date).value_or(now) : now;
}

std::optional<std::chrono::milliseconds> retry_after(const HttpHeaders& headers,
                                                     std::chrono::system_clock::time_point now) {
  if (const auto milliseconds = number_in(headers, "retry-after-ms")) {
    if (const auto wait = wait_of_seconds(*milliseconds / 1'000)) return wait;
  }
  const auto value = headers.find("retry-after");
  if (!value) return std::nullopt;
  if (const auto seconds = parse_decimal(trimmed(*value))) return wait_of_seconds(*seconds);
  const auto until = parse_http_date(*value);
  if (!until) return std::nullopt;
  return wait_of_seconds(std::chrono::duration<double>(*until - date_of(headers, now)).count());
}

}  // namespace autoreply
