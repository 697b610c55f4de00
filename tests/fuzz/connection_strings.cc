// The value of --database.

#include "fuzz.h"
#include "store/database_url.h"
#include "store/postgres/connection_string.h"

namespace autoreply::fuzz {
namespace {

void read_url(const std::string& url) {
  static_cast<void>(database_kind(url));
  if (check_database_url(url)) static_cast<void>(database_label(url));
  const auto read = parse_connection_string(url);
  if (!read) {
    require(read.error().message.find('\n') == std::string::npos, "an error of several lines");
    return;
  }
  require(read->host_count() > 0, "no host");
  require(read->connect_timeout().count() >= 0, "a negative timeout");
  static_cast<void>(read->beginning_with_host(read->host_count() - 1));
}

}  // namespace
}  // namespace autoreply::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string url(reinterpret_cast<const char*>(data), size);
  autoreply::fuzz::read_url(url);
  autoreply::fuzz::read_url("postgresql://" + url);
  autoreply::fuzz::require_linear(
      url, [](const std::string& more) { autoreply::fuzz::read_url("postgresql://" + more); });
  return 0;
}
