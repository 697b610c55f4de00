#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>
#include <simdjson.h>

namespace autoreply {

// How the JSON texts that travel between the stores and their databases are read and written. For
// .cc files and internal headers only, since it includes a big header. A text that does not have
// the agreed form is a defect of ours and throws std::runtime_error.

/// Writes a document. Texts reach this point as valid UTF-8; what is not is replaced, which only
/// keeps a defect from losing a whole batch.
[[nodiscard]] std::string dump(const nlohmann::json& document);

/// SQLite keeps any bytes in a text, and one host's row without valid UTF-8 must not cost a whole
/// batch: what is not valid is replaced.
[[nodiscard]] simdjson::dom::element parse(simdjson::dom::parser& parser, std::string_view text);
[[nodiscard]] simdjson::dom::array array_of(simdjson::dom::element document);

// Fields that may be missing or null: then empty, 0 or false.
[[nodiscard]] std::optional<std::string> optional_text(simdjson::dom::element object,
                                                       std::string_view name);
[[nodiscard]] std::string text_of(simdjson::dom::element object, std::string_view name);
[[nodiscard]] std::optional<std::int64_t> optional_whole(simdjson::dom::element object,
                                                         std::string_view name);
[[nodiscard]] std::int64_t number_of(simdjson::dom::element object, std::string_view name);
/// SQLite has no booleans and writes 0 and 1.
[[nodiscard]] bool flag_of(simdjson::dom::element object, std::string_view name);
[[nodiscard]] std::optional<simdjson::dom::element> object_of(simdjson::dom::element parent,
                                                              std::string_view name);

}  // namespace autoreply
