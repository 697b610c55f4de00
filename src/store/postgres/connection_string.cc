#include "store/postgres/connection_string.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

#include <fmt/format.h>
#include <libpq-fe.h>

#include "base/text.h"

namespace autoreply {
namespace {

// A dead peer is noticed after 10 + 3 * 5 s when idle, and after 20 s with data under way.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kDefaults{{
    {"connect_timeout", "10"},
    {"keepalives_idle", "10"},
    {"keepalives_interval", "5"},
    {"keepalives_count", "3"},
    {"tcp_user_timeout", "20000"},
    {"fallback_application_name", "autoreply"},
}};

// 0 means for ever to libpq; a run must end.
constexpr std::chrono::seconds kConnectTimeoutMax{60};

/// The parameters that are lists with one element a host.
constexpr std::array<std::string_view, 3> kHostLists{"host", "hostaddr", "port"};

std::size_t element_count(std::string_view list) {
  return static_cast<std::size_t>(std::ranges::count(list, ',')) + 1;
}

std::string turned(std::string_view list, std::size_t steps) {
  std::string turned(list);
  for (; steps > 0; --steps) {
    const std::size_t comma = turned.find(',');
    // One port may stand for all hosts.
    if (comma == std::string::npos) break;
    turned = turned.substr(comma + 1) + ',' + turned.substr(0, comma);
  }
  return turned;
}

}  // namespace

std::string_view ConnectionParameters::operator[](std::string_view name) const {
  const auto found = std::ranges::find(values, name, &std::pair<std::string, std::string>::first);
  return found == values.end() ? std::string_view{} : found->second;
}

std::chrono::milliseconds ConnectionParameters::connect_timeout() const {
  const std::string_view text = (*this)["connect_timeout"];
  int seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  const std::chrono::seconds given{seconds};
  return given.count() <= 0 ? kConnectTimeoutMax : std::min(given, kConnectTimeoutMax);
}

std::size_t ConnectionParameters::host_count() const {
  return std::max(element_count((*this)["host"]), element_count((*this)["hostaddr"]));
}

ConnectionParameters ConnectionParameters::beginning_with_host(std::size_t number) const {
  ConnectionParameters result = *this;
  for (auto& [name, value] : result.values) {
    if (std::ranges::find(kHostLists, name) != kHostLists.end()) value = turned(value, number);
  }
  return result;
}

Result<ConnectionParameters> parse_connection_string(std::string_view url) {
  char* error = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(std::string(url).c_str(), &error), &PQconninfoFree);
  const std::unique_ptr<char, decltype(&PQfreemem)> error_owner(error, &PQfreemem);
  if (!options) {
    return fail(ErrorKind::misconfigured,
                fmt::format("the database URL is malformed: {}",
                            one_line(error != nullptr ? error : "no reason given")));
  }
  ConnectionParameters parameters;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) parameters.values.emplace_back(option->keyword, option->val);
  }
  for (const auto& [keyword, value] : kDefaults) {
    if (parameters[keyword].empty()) parameters.values.emplace_back(keyword, value);
  }
  return parameters;
}

}  // namespace autoreply
