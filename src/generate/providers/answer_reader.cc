#include "generate/providers/answer_reader.h"

#include <simdjson.h>

#include "base/text.h"
#include "generate/event_stream.h"

namespace autoreply {
namespace {

using simdjson::dom::element;

constexpr std::size_t kModelBytesMax = 200;

bool is_empty(element error) {
  return (error.is_object() && fields_of(error).empty()) || optional_view(error) == "" ||
         error.is_bool() || error.is_null();
}

/// Some gateways send an error with neither an error status nor an error object.
bool is_flat_error(element document) {
  if (view_of(document, "object") == "error") return true;
  return value_of(document, "code") &&
         (!view_of(document, "message").empty() || !view_of(document, "msg").empty());
}

}  // namespace

std::string text_of_parts(element content) {
  if (const auto whole = optional_view(content)) return to_valid_utf8(*whole);
  std::string text;
  for (const element part : elements_of(content)) {
    const std::string_view type = view_of(part, "type");
    if (const auto whole = optional_view(part)) {
      text += to_valid_utf8(*whole);
    } else if (type == "text" || type == "output_text") {
      text += to_valid_utf8(view_of(part, "text"));
    }
  }
  return text;
}

std::optional<ModelAnswer> AnswerReader::read(std::string_view body) {
  bool has_ended = true;
  bool is_known = false;
  if (is_event_stream(body)) {
    is_known = read_events(body, has_ended);
  } else {
    simdjson::dom::parser parser;
    const auto document = try_parse(parser, json_part(body));
    is_known = document && read_any(*document);
  }
  const bool has_text = !trimmed(answer.text).empty() && answer.finish != Finish::server_cut;
  if (has_text && !is_text_wrong_) answer.has_error = false;
  // A stream without an end was cut off.
  if (!is_known || !(has_ended || !answer.finish_word.empty() || answer.has_error)) {
    return std::nullopt;
  }
  return std::move(answer);
}

bool AnswerReader::read_events(std::string_view body, bool& has_ended) {
  simdjson::dom::parser parser;
  bool is_known = false;
  has_ended = false;
  for (const std::string& event : stream_events(body)) {
    if (event == kStreamEnd) {
      has_ended = true;
      break;
    }
    const auto document = try_parse(parser, event);
    if (!document) return false;
    // Gateways send events of their own between the others.
    is_known = read_any(*document) || is_known;
  }
  return is_known;
}

bool AnswerReader::read_any(element document) {
  if (document.is_array()) {
    // Gemini wraps its errors in an array.
    const auto list = elements_of(document);
    if (list.empty()) return false;
    answer.has_error = value_of(list.front(), "error").has_value();
    return answer.has_error;
  }
  if (!document.is_object()) return false;
  const bool is_known = read_document(document);
  if (const auto error = value_of(document, "error")) {
    note_error(*error, false);
  } else if (!is_known && is_flat_error(document)) {
    answer.has_error = true;
  }
  return is_known || answer.has_error;
}

void AnswerReader::note_model(std::string_view name) {
  if (answer.model.empty()) answer.model = to_valid_utf8(utf8_prefix(name, kModelBytesMax));
}

void AnswerReader::note_error(element error, bool of_the_text) {
  if (is_empty(error)) return;
  answer.has_error = true;
  is_text_wrong_ = is_text_wrong_ || of_the_text;
}

}  // namespace autoreply
