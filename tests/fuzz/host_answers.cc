// What the host answers to a callback.

#include "base/text.h"
#include "deliver/host_answer.h"
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace autoreply;
  const std::string body(reinterpret_cast<const char*>(data), size);
  const HostAnswer answer = parse_host_answer(body);
  fuzz::require(answer.message.size() <= 200, "a message is too long");
  fuzz::require(answer.message.find('\n') == std::string::npos, "a message has several lines");
  fuzz::require(answer.message == to_valid_utf8(answer.message), "a message is not UTF-8");
  fuzz::require_linear(body,
                       [](const std::string& text) { static_cast<void>(parse_host_answer(text)); });
  return 0;
}
