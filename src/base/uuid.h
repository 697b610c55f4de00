#pragma once

#include <string>
#include <string_view>

namespace autoreply {

/// Returns a random UUID (version 4) in lower-case text form. Thread-safe.
[[nodiscard]] std::string random_uuid();

/// Returns the UUIDv5 (RFC 9562, section 5.5) of `name`, which may be any text, in the namespace
/// `name_space`, which must be a UUID in text form.
[[nodiscard]] std::string uuid_v5(std::string_view name_space, std::string_view name);

/// Whether `text` has the form 8-4-4-4-12 of hexadecimal digits, in either case.
[[nodiscard]] bool is_uuid(std::string_view text);

}  // namespace autoreply
