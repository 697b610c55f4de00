#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/config_file.h"

namespace autoreply {

/// An option as far as a configuration file is concerned.
struct KnownOption {
  std::string name;     ///< long name without dashes
  std::string command;  ///< empty: every command has it
  bool list = false;
  bool hidden = false;  ///< not to be proposed for a misspelt name
};

/// What a file says about one option.
struct FileValues {
  int line = 0;
  std::vector<std::string> values;
};

/// Returns what the entries say about the options of `command`, by name. One file serves every
/// command: options of other commands are passed over. The command's own section goes before
/// entries outside any; a list may stand on several lines.
///
/// Returns `misconfigured` for an unknown section or name, with the nearest one, for an option that
/// stands twice, and for `config`. The message begins with the line.
[[nodiscard]] Result<std::map<std::string, FileValues>> values_for(
    const std::string& command,
    const std::vector<ConfigEntry>& entries,
    const std::vector<KnownOption>& options,
    const std::vector<std::string>& commands);

}  // namespace autoreply
