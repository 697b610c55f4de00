#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace autoreply {

/// Writes a file whole or not at all: those who read it meanwhile see the old text or the new one.
/// `permissions` empty: as the process creates files. Returns why it failed; empty: it did not.
[[nodiscard]] std::string write_whole_file(
    const std::string& path,
    std::string_view text,
    std::optional<std::filesystem::perms> permissions = std::nullopt);

}  // namespace autoreply
