#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace autoreply {

/// Values from an environment variable, or from the file that one names.
struct VariableValues {
  std::string variable;  ///< AUTOREPLY_LIMIT, AUTOREPLY_DATABASE_FILE
  std::vector<std::string> values;
};

/// Returns the name of an option's variable: "AUTOREPLY_" and the option's long name in upper snake
/// case.
[[nodiscard]] std::string variable_of(std::string_view option);

/// Returns the value of an option (long name without dashes) from the environment: from its
/// variable, or from the file that the variable with the suffix `_FILE` names. Values are trimmed.
/// A list may have one value per line. Empty if neither variable is set or both are empty.
///
/// Returns `misconfigured` if both variables are set, or if the file cannot be read, is empty, is
/// larger than 64 KiB, or has more than one line although the option is not a list. Messages never
/// repeat a value.
[[nodiscard]] Result<std::optional<VariableValues>> read_variable(std::string_view option,
                                                                  bool list);

/// Returns a line for each variable that begins with AUTOREPLY_ but belongs to none of the options
/// (long names without dashes), with the nearest match. Ignores variables with keys
/// (AUTOREPLY_KEY_…), those of our tests (AUTOREPLY_TEST_…), and those that Kubernetes sets for a
/// service named autoreply (AUTOREPLY_SERVICE_…, AUTOREPLY_PORT…).
[[nodiscard]] std::vector<std::string> unknown_variables(const std::vector<std::string>& options);

/// Returns the content of a file. Returns `misconfigured` if the file cannot be read or is larger
/// than `bytes_max`. The message does not name the path, which may be a secret in the wrong
/// variable.
[[nodiscard]] Result<std::string> read_small_file(const std::string& path, std::size_t bytes_max);

}  // namespace autoreply
