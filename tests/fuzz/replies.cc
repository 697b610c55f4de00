// What a model prints, up to the SMS that is sent.

#include "base/text.h"
#include "deliver/segments.h"
#include "deliver/shape.h"
#include "fuzz.h"
#include "generate/model_text/model_output.h"

namespace autoreply::fuzz {
namespace {

void shape(const std::string& printed) {
  const std::string spoken = spoken_part(to_valid_utf8(printed)).text;
  require(spoken == to_valid_utf8(spoken), "a reply is not UTF-8");
  for (const ReplyLimits limits :
       {ReplyLimits{1'600, 0}, ReplyLimits{30, 0}, ReplyLimits{1'600, 2}}) {
    const std::string shaped = shaped_for_sms(spoken, limits);
    require(shaped == to_valid_utf8(shaped), "a shaped reply is not UTF-8");
    require(utf16_units(shaped) <= limits.units_max, "a shaped reply is too long");
    require(limits.segments_max == 0 || sms_size(shaped).segments <= limits.segments_max,
            "a shaped reply has too many segments");
    for (const char character : shaped) {
      const auto byte = static_cast<unsigned char>(character);
      require(byte >= 0x20U || byte == '\n', "a shaped reply has a control character");
    }
  }
}

}  // namespace
}  // namespace autoreply::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string printed(reinterpret_cast<const char*>(data), size);
  autoreply::fuzz::shape(printed);
  autoreply::fuzz::require_linear(printed, autoreply::fuzz::shape);
  return 0;
}
