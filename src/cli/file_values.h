#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/config_file.h"

namespace autoreply {

/// What a configuration file's reader must know about an option.
struct KnownOption {
  std::string name;     ///< long name without dashes
  std::string command;  ///< empty: every command has this option
  bool list = false;
};

/// The values of one option in a file.
struct FileValues {
  int line = 0;
  std::vector<std::string> values;
};

/// Returns the values that the entries give to the options of `command`, by name. One file serves
/// all commands: options of other commands are ignored. The command's own section takes precedence
/// over entries outside any section. A list may span several entries.
///
/// Returns `misconfigured` for an unknown section or name (with the nearest match), for an option
/// that is set twice, and for `config`. The message begins with the line.
[[nodiscard]] Result<std::map<std::string, FileValues>> values_for(
    const std::string& command,
    const std::vector<ConfigEntry>& entries,
    const std::vector<KnownOption>& options,
    const std::vector<std::string>& commands);

}  // namespace autoreply
