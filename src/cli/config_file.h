#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace autoreply {

/// The largest configuration file that is read.
inline constexpr std::size_t kConfigBytesMax = 1'048'576;

/// One `name = value` of a configuration file.
struct ConfigEntry {
  std::string section;  ///< the command that it applies to; empty: every command with this option
  std::string name;
  std::vector<std::string> values;  ///< several if it is an array
  int line = 0;                     ///< first line, from 1
};

/// Parses the part of TOML that options need: one `name = value` per line, bare or quoted values,
/// arrays of such values over one or more lines, `[command]` sections, dotted names (`run.limit =
/// 1`), and comments. A name alone means `true`. As in TOML, double quotes allow escapes and single
/// quotes do not. Unlike in TOML, words and durations need no quotes.
///
/// Returns `misconfigured` for anything else. The message names the line but repeats nothing from
/// it, because it may contain a secret.
[[nodiscard]] Result<std::vector<ConfigEntry>> parse_config(std::string_view text);

}  // namespace autoreply
