#include "store/postgres/connection_string.h"

#include <array>
#include <cctype>
#include <memory>
#include <set>
#include <utility>

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

std::string percent_encoded(std::string_view text) {
  std::string encoded;
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (std::isalnum(byte) != 0 || character == '-' || character == '_' || character == '.') {
      encoded += character;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned>(byte));
    }
  }
  return encoded;
}

}  // namespace

Result<std::string> normalized_connection_string(std::string_view url) {
  char* error = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(std::string(url).c_str(), &error), &PQconninfoFree);
  const std::unique_ptr<char, decltype(&PQfreemem)> error_owner(error, &PQfreemem);
  if (!options) {
    return fail(ErrorKind::misconfigured,
                fmt::format("the database URL is malformed: {}",
                            one_line(error != nullptr ? error : "no reason given")));
  }
  std::string normalized = "postgresql:///?";
  std::set<std::string_view> given;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    given.insert(option->keyword);
    normalized += fmt::format("{}={}&", option->keyword, percent_encoded(option->val));
  }
  for (const auto& [keyword, value] : kDefaults) {
    if (!given.contains(keyword)) normalized += fmt::format("{}={}&", keyword, value);
  }
  normalized.pop_back();
  return normalized;
}

}  // namespace autoreply
