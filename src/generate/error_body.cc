#include "generate/error_body.h"

#include <simdjson.h>

namespace autoreply {
namespace {

using simdjson::dom::element;

std::string text_at(element object, std::string_view pointer) {
  element value;
  if (object.at_pointer(pointer).get(value) != simdjson::SUCCESS) return "";
  std::string_view text;
  if (value.get(text) == simdjson::SUCCESS) return std::string(text);
  std::int64_t number = 0;
  return value.get(number) == simdjson::SUCCESS ? std::to_string(number) : "";
}

std::string first_text(element object, std::initializer_list<std::string_view> pointers) {
  for (const std::string_view pointer : pointers) {
    if (std::string text = text_at(object, pointer); !text.empty()) return text;
  }
  return "";
}

void read_violations(element detail, ErrorBody& error) {
  simdjson::dom::array violations;
  if (detail.at_key("violations").get(violations) != simdjson::SUCCESS) return;
  for (const element violation : violations) {
    if (violation.is_object()) error.quota_id += text_at(violation, "/quotaId") + " ";
  }
}

/// The typed details that Google's errors carry (google.rpc.ErrorInfo, QuotaFailure, RetryInfo).
void read_google_details(element object, ErrorBody& error) {
  simdjson::dom::array details;
  if (object.at_key("details").get(details) != simdjson::SUCCESS) return;
  for (const element detail : details) {
    if (!detail.is_object()) continue;
    if (error.reason.empty()) error.reason = text_at(detail, "/reason");
    read_violations(detail, error);
    if (error.retry_delay.empty()) error.retry_delay = text_at(detail, "/retryDelay");
  }
}

void read_object(element object, ErrorBody& error) {
  error.message = first_text(object, {"/message", "/detail", "/detail/0/msg"});
  error.type = first_text(object, {"/type", "/status"});
  error.code = text_at(object, "/code");
  error.param = text_at(object, "/param");
  error.reason = first_text(object, {"/details/error_code", "/innererror/code"});
  error.moderated = object.at_pointer("/metadata/reasons/0").error() == simdjson::SUCCESS;
  read_google_details(object, error);
}

}  // namespace

ErrorBody parse_error_body(std::string_view body) {
  ErrorBody error;
  simdjson::dom::parser parser;
  element document;
  if (parser.parse(body.data(), body.size()).get(document) != simdjson::SUCCESS) return error;
  if (simdjson::dom::array list; document.get(list) == simdjson::SUCCESS) {
    if (list.at(0).get(document) != simdjson::SUCCESS) return error;
  }
  if (!document.is_object()) return error;
  element inner;
  if (document.at_key("error").get(inner) == simdjson::SUCCESS) {
    if (inner.is_object()) document = inner;
    std::string_view text;
    if (inner.get(text) == simdjson::SUCCESS) {
      error.message = text;
      return error;
    }
  }
  read_object(document, error);
  return error;
}

}  // namespace autoreply
