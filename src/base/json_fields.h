#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>
#include <simdjson.h>

namespace autoreply {

// How all of the program reads JSON. For .cc files and internal headers only, since it includes a
// big header. Elements and views live as long as the parser, and until it parses another text.

/// Writes a document. Texts reach this point as valid UTF-8. Other bytes are replaced, so a defect
/// cannot lose a whole batch.
[[nodiscard]] std::string dump(const nlohmann::json& document);
/// The same for a document whose fields keep the order in which they were set.
[[nodiscard]] std::string dump_in_order(const nlohmann::ordered_json& document);

/// The number that a text holds; null if it holds none.
[[nodiscard]] nlohmann::ordered_json number_in(const std::string& text);

// Texts of our own database have an agreed form. One that does not have it is a defect of ours and
// throws std::runtime_error.

/// SQLite keeps any bytes in a text, and one host's row without valid UTF-8 must not cost a whole
/// batch: other bytes are replaced.
[[nodiscard]] simdjson::dom::element parse(simdjson::dom::parser& parser, std::string_view text);
[[nodiscard]] simdjson::dom::array array_of(simdjson::dom::element document);
/// Elements of the array that are not texts are left out.
[[nodiscard]] std::vector<std::string> text_array_of(simdjson::dom::element document);

// Texts from providers and hosts may have any form.

/// Returns nothing if the text is not JSON or not valid UTF-8.
[[nodiscard]] std::optional<simdjson::dom::element> try_parse(simdjson::dom::parser& parser,
                                                              std::string_view text);

// Values that may be of another type: then empty.

[[nodiscard]] std::optional<std::string_view> optional_view(simdjson::dom::element value);
/// 1.0 is not whole, nor is what int64 cannot hold.
[[nodiscard]] std::optional<std::int64_t> optional_whole(simdjson::dom::element value);
/// Whole numbers count too.
[[nodiscard]] std::optional<double> optional_double(simdjson::dom::element value);
[[nodiscard]] std::vector<simdjson::dom::element> elements_of(simdjson::dom::element value);
[[nodiscard]] std::vector<simdjson::dom::key_value_pair> fields_of(simdjson::dom::element value);

// Fields that may be missing, null or of another type, of a value that need not be an object: then
// empty, 0 or false.

[[nodiscard]] std::optional<std::string> optional_text(simdjson::dom::element object,
                                                       std::string_view name);
[[nodiscard]] std::string text_of(simdjson::dom::element object, std::string_view name);
[[nodiscard]] std::string_view view_of(simdjson::dom::element object, std::string_view name);
[[nodiscard]] std::optional<std::int64_t> optional_whole(simdjson::dom::element object,
                                                         std::string_view name);
[[nodiscard]] std::optional<std::chrono::milliseconds> optional_milliseconds(
    simdjson::dom::element object, std::string_view name);
[[nodiscard]] std::int64_t number_of(simdjson::dom::element object, std::string_view name);
[[nodiscard]] std::optional<int> optional_int(simdjson::dom::element object, std::string_view name);
[[nodiscard]] int int_of(simdjson::dom::element object, std::string_view name);
[[nodiscard]] std::optional<double> optional_double(simdjson::dom::element object,
                                                    std::string_view name);
/// SQLite has no booleans and writes 0 and 1.
[[nodiscard]] std::optional<bool> optional_flag(simdjson::dom::element object,
                                                std::string_view name);
[[nodiscard]] bool flag_of(simdjson::dom::element object, std::string_view name);
[[nodiscard]] std::optional<simdjson::dom::element> object_of(simdjson::dom::element parent,
                                                              std::string_view name);
[[nodiscard]] std::vector<simdjson::dom::element> elements_of(simdjson::dom::element object,
                                                              std::string_view name);
/// Elements of the array that are not texts are left out.
[[nodiscard]] std::vector<std::string> texts_of(simdjson::dom::element object,
                                                std::string_view name);

// Fields of any type.

/// Returns the value of a field, which may be null; nothing if the field is missing.
[[nodiscard]] std::optional<simdjson::dom::element> field_of(simdjson::dom::element object,
                                                             std::string_view name);
/// Returns the value of a field; nothing if the field is missing or null.
[[nodiscard]] std::optional<simdjson::dom::element> value_of(simdjson::dom::element object,
                                                             std::string_view name);
/// Returns the value at a JSON pointer ("/usage/total"); nothing if it is missing or null.
[[nodiscard]] std::optional<simdjson::dom::element> value_at(simdjson::dom::element object,
                                                             std::string_view pointer);

}  // namespace autoreply
