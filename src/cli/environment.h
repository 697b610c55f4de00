#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace autoreply {

/// Values that a variable of the environment holds, or that stand in the file that one names.
struct VariableValues {
  std::string variable;  ///< AUTOREPLY_LIMIT, AUTOREPLY_DATABASE_FILE
  std::vector<std::string> values;
};

/// Returns the name of an option's variable: "AUTOREPLY_" and its long name in upper snake case.
[[nodiscard]] std::string variable_of(std::string_view option);

/// Returns what the environment says about the option (long name without dashes): its variable's
/// value, or what the file holds that the variable with `_FILE` at its end names, without white
/// space at both ends. A list may have a value a line. Nothing if neither variable is set or
/// if it is empty.
///
/// Returns `misconfigured` if both variables are set, and for a file that cannot be read, holds
/// over 64 KiB or nothing, or holds more than one line although the option is no list. No message
/// repeats a value.
[[nodiscard]] Result<std::optional<VariableValues>> read_variable(std::string_view option,
                                                                  bool list);

/// Returns a line for each variable that begins with AUTOREPLY_ and belongs to none of the options
/// (long names without dashes), with the nearest one. Not meant are variables with keys
/// (AUTOREPLY_KEY_…), those of our tests (AUTOREPLY_TEST_…), and those that Kubernetes makes up for
/// a service named autoreply (AUTOREPLY_SERVICE_…, AUTOREPLY_PORT…).
[[nodiscard]] std::vector<std::string> unknown_variables(const std::vector<std::string>& options);

/// Returns the content of a file. `misconfigured` if it cannot be read or holds over `bytes_max`;
/// the message does not name the path, which may be a secret in the wrong variable.
[[nodiscard]] Result<std::string> read_small_file(const std::string& path, std::size_t bytes_max);

}  // namespace autoreply
