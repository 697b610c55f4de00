#include "deliver/host_answer.h"

#include <simdjson.h>

#include "base/masking.h"
#include "base/text.h"

namespace autoreply {
namespace {

constexpr std::size_t kMessageBytesMax = 200;
constexpr std::size_t kBodyBytesRead = 2'000;

std::string message_in(simdjson::dom::element document) {
  for (const auto* const place : {"/error/message", "/error", "/message", "/detail"}) {
    std::string_view text;
    if (document.at_pointer(place).get(text) == simdjson::SUCCESS && !trimmed(text).empty()) {
      return std::string(text);
    }
  }
  return "";
}

}  // namespace

HostAnswer parse_host_answer(std::string_view body) {
  HostAnswer answer;
  std::string said;
  simdjson::dom::parser parser;
  simdjson::dom::element document;
  if (parser.parse(body.data(), body.size()).get(document) == simdjson::SUCCESS) {
    bool success = true;
    const bool told = document.at_pointer("/success").get(success) == simdjson::SUCCESS;
    answer.denies_success = told && !success;
    said = message_in(document);
  } else if (!trimmed(body).starts_with('<')) {  // an HTML page says nothing in one line
    said = utf8_prefix(body, kBodyBytesRead);
  }
  answer.message = shortened(masked(said), kMessageBytesMax);
  return answer;
}

}  // namespace autoreply
