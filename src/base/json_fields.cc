#include "base/json_fields.h"

#include <stdexcept>

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace autoreply {

namespace dom = simdjson::dom;

std::string dump(const nlohmann::json& document) {
  return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

dom::element parse(dom::parser& parser, std::string_view text) {
  dom::element document;
  auto error = parser.parse(text.data(), text.size()).get(document);
  if (error == simdjson::UTF8_ERROR) {
    const std::string valid = to_valid_utf8(text);
    error = parser.parse(valid.data(), valid.size()).get(document);
  }
  if (error != simdjson::SUCCESS) {
    throw std::runtime_error("the database answered with a text that is not JSON");
  }
  return document;
}

dom::array array_of(dom::element document) {
  dom::array array;
  if (document.get(array) != simdjson::SUCCESS) {
    throw std::runtime_error("the database answered with something else than an array");
  }
  return array;
}

std::optional<std::string> optional_text(dom::element object, std::string_view name) {
  std::string_view text;
  if (object[name].get(text) != simdjson::SUCCESS) return std::nullopt;
  return std::string(text);
}

std::string text_of(dom::element object, std::string_view name) {
  return optional_text(object, name).value_or("");
}

std::int64_t number_of(dom::element object, std::string_view name) {
  std::int64_t number = 0;
  return object[name].get(number) == simdjson::SUCCESS ? number : 0;
}

bool flag_of(dom::element object, std::string_view name) {
  bool flag = false;
  if (object[name].get(flag) == simdjson::SUCCESS) return flag;
  return number_of(object, name) != 0;
}

std::optional<dom::element> object_of(dom::element parent, std::string_view name) {
  dom::element child;
  if (parent[name].get(child) != simdjson::SUCCESS || !child.is_object()) return std::nullopt;
  return child;
}

std::optional<std::int64_t> optional_whole(dom::element object, std::string_view name) {
  std::int64_t number = 0;
  if (object[name].get(number) != simdjson::SUCCESS) return std::nullopt;
  return number;
}

}  // namespace autoreply
