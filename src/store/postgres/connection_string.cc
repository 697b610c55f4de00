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

// A dead peer is noticed after 10 + 3 * 5 s if the connection is idle, and after 20 s if data is
// under way.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kDefaults{{
    {"connect_timeout", "10"},
    {"keepalives_idle", "10"},
    {"keepalives_interval", "5"},
    {"keepalives_count", "3"},
    {"tcp_user_timeout", "20000"},
    {"fallback_application_name", "autoreply"},
}};

// libpq takes 0 to mean forever, but a run must end.
constexpr std::chrono::seconds kConnectTimeoutMax{60};

/// The parameters that are lists with one element per host.
constexpr std::array<std::string_view, 3> kHostLists{"host", "hostaddr", "port"};

constexpr std::string_view kHowToEncode =
    "percent-encode special characters in the user name and password: %40 for @, %2F for /, %25 "
    "for %";

/// Whether a URI has an @ that libpq does not take for the end of the user and password. A part of
/// the password would then count as the host, port or database, and appear in messages.
bool has_stray_at(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return false;
  std::string_view rest = url.substr(scheme + 3);
  // For libpq the first of these ends the password.
  const std::size_t end = rest.find_first_of("@/");
  if (end == std::string_view::npos) return false;
  rest.remove_prefix(end + 1);
  return rest.substr(0, rest.find('?')).find('@') != std::string_view::npos;
}

/// Whether every element of the list can be a port. libpq repeats bad ports in its message, and
/// part of a password with a raw slash ends up here.
bool has_possible_ports(std::string_view list) {
  for (;;) {
    const std::size_t comma = list.find(',');
    const std::string_view text = list.substr(0, comma);
    int port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    const bool number = error == std::errc{} && end == text.data() + text.size();
    // An empty element stands for the default port.
    if (!text.empty() && (!number || port < 1 || port > 65'535)) return false;
    if (comma == std::string_view::npos) return true;
    list.remove_prefix(comma + 1);
  }
}

/// libpq's reason without the parts of the URL that it quotes.
std::string reason_of(std::string_view message) {
  std::string reason = one_line(message);
  for (std::size_t open = reason.find('"'); open != std::string::npos;) {
    const std::size_t close = reason.find('"', open + 1);
    const bool one_character = close == open + 2;
    if (!one_character) {
      // Up to the last quote, because the quoted text may itself hold quotes.
      const std::size_t last = reason.rfind('"');
      reason.replace(open, last - open + 1, "...");
      break;
    }
    open = reason.find('"', close + 1);
  }
  return reason;
}

std::size_t element_count(std::string_view list) {
  return static_cast<std::size_t>(std::ranges::count(list, ',')) + 1;
}

/// Moves the first `steps` elements of a list to its end. A list with no more elements stays: one
/// port may stand for all hosts.
std::string turned(std::string_view list, std::size_t steps) {
  std::size_t start = 0;
  for (; steps > 0; --steps) {
    const std::size_t comma = list.find(',', start);
    if (comma == std::string_view::npos) return std::string(list);
    start = comma + 1;
  }
  if (start == 0) return std::string(list);
  return std::string(list.substr(start)) + ',' + std::string(list.substr(0, start - 1));
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
  if (has_stray_at(url)) {
    return fail(ErrorKind::misconfigured,
                fmt::format("the database URL is malformed: {}", kHowToEncode));
  }
  char* error = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(std::string(url).c_str(), &error), &PQconninfoFree);
  const std::unique_ptr<char, decltype(&PQfreemem)> error_owner(error, &PQfreemem);
  if (!options) {
    return fail(ErrorKind::misconfigured,
                fmt::format("the database URL is malformed: {} ({})",
                            reason_of(error != nullptr ? error : "no reason given"),
                            kHowToEncode));
  }
  ConnectionParameters parameters;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) parameters.values.emplace_back(option->keyword, option->val);
  }
  if (!has_possible_ports(parameters["port"])) {
    return fail(ErrorKind::misconfigured,
                fmt::format("the database URL has an invalid port ({})", kHowToEncode));
  }
  for (const auto& [keyword, value] : kDefaults) {
    if (parameters[keyword].empty()) parameters.values.emplace_back(keyword, value);
  }
  return parameters;
}

}  // namespace autoreply
