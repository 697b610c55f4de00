// Foreign text on its way to a log or a row.

#include "base/masking.h"

#include "base/text.h"
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace autoreply;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::string line = masked(text);
  fuzz::require(line == to_valid_utf8(line), "a masked line is not UTF-8");
  fuzz::require(line.find('\n') == std::string::npos, "a masked text has several lines");
  const std::string key = "sk-" + std::string(24, 'k') + "1A";
  fuzz::require(without(text + key, Secret(key)).find(key) == std::string::npos, "a key is left");
  fuzz::require(!masked(text + " " + key).ends_with(key), "a key is shown");
  fuzz::require_linear(text, [](const std::string& more) { static_cast<void>(masked(more)); });
  return 0;
}
