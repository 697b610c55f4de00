#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/options.h"
#include "run/exit_status.h"

namespace autoreply {

/// The exit status for an error of this kind.
[[nodiscard]] ExitStatus status_of(const Error& error);

/// The error as one JSON object: {"error":…,"exit_status":…}, with the run's id if there is one.
[[nodiscard]] std::string error_json(std::string_view message,
                                     ExitStatus status,
                                     std::string_view run_id);

/// Reports why the program ends with this status: on one line of standard error and, for `--output
/// json`, also as one object on standard output: {"error":…,"exit_status":…}, with the run's id if
/// there is one. Returns the status.
ExitStatus report_failure(std::string_view message,
                          ExitStatus status,
                          OutputFormat output,
                          std::string_view run_id = {});

/// Same, with the status that corresponds to the error's kind.
[[nodiscard]] ExitStatus report_error(const Error& error,
                                      OutputFormat output,
                                      std::string_view run_id = {});

}  // namespace autoreply
