// The headers of an answer, line by line, and the waits that they ask for.

#include <chrono>

#include "fuzz.h"
#include "generate/errors/wait_hint.h"
#include "net/http_exchange.h"
#include "net/retry_after.h"

namespace autoreply::fuzz {
namespace {

void read_headers(const std::string& text) {
  HttpExchange exchange;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size() - 1) + 1;
    if (!exchange.write_header(rest.substr(0, end))) break;
    rest.remove_prefix(end);
  }
  const auto now = std::chrono::system_clock::time_point(std::chrono::seconds(1'795'651'200));
  const HttpHeaders& headers = exchange.response.headers;
  for (const auto& wait : {retry_after(headers, now),
                           wait_of_exhausted_limits(headers, now),
                           wait_hint(headers, {}, now)}) {
    require(!wait || (wait->count() > 0 && *wait <= kWaitMax), "a wait out of bounds");
  }
}

}  // namespace
}  // namespace autoreply::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  autoreply::fuzz::read_headers(text);
  autoreply::fuzz::require_linear(text, autoreply::fuzz::read_headers);
  return 0;
}
