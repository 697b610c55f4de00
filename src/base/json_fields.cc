#include "base/json_fields.h"

#include <charconv>
#include <cmath>
#include <stdexcept>
#include <system_error>

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace autoreply {

namespace dom = simdjson::dom;

namespace {

/// Takes an element or the result of a search for one.
template <class Value, class Found>
std::optional<Value> value_as(const Found& found) {
  Value value{};
  if (found.get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

std::optional<dom::element> unless_null(std::optional<dom::element> value) {
  return value && value->is_null() ? std::nullopt : value;
}

std::vector<std::string> texts_among(const std::vector<dom::element>& elements) {
  std::vector<std::string> texts;
  for (const dom::element element : elements) {
    if (const auto text = optional_view(element)) texts.emplace_back(*text);
  }
  return texts;
}

}  // namespace

std::string dump(const nlohmann::json& document) {
  return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string dump_in_order(const nlohmann::ordered_json& document) {
  return document.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
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

std::vector<std::string> text_array_of(dom::element document) {
  const dom::array array = array_of(document);
  return texts_among({array.begin(), array.end()});
}

std::optional<dom::element> try_parse(dom::parser& parser, std::string_view text) {
  return value_as<dom::element>(parser.parse(text.data(), text.size()));
}

std::optional<std::string_view> optional_view(dom::element value) {
  return value_as<std::string_view>(value);
}

std::optional<std::int64_t> optional_whole(dom::element value) {
  return value_as<std::int64_t>(value);
}

std::optional<double> optional_double(dom::element value) {
  return value_as<double>(value);
}

std::vector<dom::element> elements_of(dom::element value) {
  const auto array = value_as<dom::array>(value);
  if (!array) return {};
  return {array->begin(), array->end()};
}

std::vector<dom::key_value_pair> fields_of(dom::element value) {
  const auto object = value_as<dom::object>(value);
  if (!object) return {};
  return {object->begin(), object->end()};
}

std::optional<std::string> optional_text(dom::element object, std::string_view name) {
  const auto text = value_as<std::string_view>(object[name]);
  return text ? std::optional<std::string>(*text) : std::nullopt;
}

std::string text_of(dom::element object, std::string_view name) {
  return std::string(view_of(object, name));
}

std::string_view view_of(dom::element object, std::string_view name) {
  return value_as<std::string_view>(object[name]).value_or("");
}

std::optional<std::int64_t> optional_whole(dom::element object, std::string_view name) {
  return value_as<std::int64_t>(object[name]);
}

std::optional<std::chrono::milliseconds> optional_milliseconds(dom::element object,
                                                               std::string_view name) {
  const auto number = optional_whole(object, name);
  if (!number) return std::nullopt;
  return std::chrono::milliseconds{*number};
}

std::int64_t number_of(dom::element object, std::string_view name) {
  return optional_whole(object, name).value_or(0);
}

std::optional<int> optional_int(dom::element object, std::string_view name) {
  const auto number = optional_whole(object, name);
  return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

int int_of(dom::element object, std::string_view name) {
  return optional_int(object, name).value_or(0);
}

std::optional<double> optional_double(dom::element object, std::string_view name) {
  return value_as<double>(object[name]);
}

std::optional<bool> optional_flag(dom::element object, std::string_view name) {
  if (const auto flag = value_as<bool>(object[name])) return flag;
  const auto number = optional_whole(object, name);
  return number ? std::optional(*number != 0) : std::nullopt;
}

bool flag_of(dom::element object, std::string_view name) {
  return optional_flag(object, name).value_or(false);
}

std::optional<dom::element> object_of(dom::element parent, std::string_view name) {
  const auto child = field_of(parent, name);
  return child && child->is_object() ? child : std::nullopt;
}

std::vector<dom::element> elements_of(dom::element object, std::string_view name) {
  const auto value = field_of(object, name);
  return value ? elements_of(*value) : std::vector<dom::element>{};
}

std::vector<std::string> texts_of(dom::element object, std::string_view name) {
  return texts_among(elements_of(object, name));
}

nlohmann::ordered_json number_in(const std::string& text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc{} || read.ptr != end || !std::isfinite(number)) return nullptr;
  return number;
}

std::optional<dom::element> field_of(dom::element object, std::string_view name) {
  return value_as<dom::element>(object[name]);
}

std::optional<dom::element> value_of(dom::element object, std::string_view name) {
  return unless_null(field_of(object, name));
}

std::optional<dom::element> value_at(dom::element object, std::string_view pointer) {
  return unless_null(value_as<dom::element>(object.at_pointer(pointer)));
}

}  // namespace autoreply
