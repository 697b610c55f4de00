#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace autoreply {

/// One `name = value` of a configuration file.
struct ConfigEntry {
  std::string section;  ///< the command that it is for; empty: every command that has the option
  std::string name;
  std::vector<std::string> values;  ///< several for an array
  int line = 0;                     ///< where it begins, from 1
};

/// Reads the part of TOML that options need: `name = value` a line, values bare or in either quote,
/// arrays of such values over one or more lines, `[command]` sections, dotted names
/// (`run.limit = 1`), comments; a name alone means `true`. As in TOML, a value in double quotes has
/// escapes and one in single quotes has none. Otherwise than in TOML, words and durations need no
/// quotes.
///
/// Returns `misconfigured` for anything else. The message names the line and repeats nothing of
/// what it holds, since that may be a secret.
[[nodiscard]] Result<std::vector<ConfigEntry>> parse_config(std::string_view text);

}  // namespace autoreply
