#pragma once

#include "base/result.h"
#include "run/exit_status.h"

namespace autoreply {

/// Prints an error that ends the program on one line of standard error, and returns the exit status
/// that its kind calls for.
[[nodiscard]] ExitStatus report_error(const Error& error);

}  // namespace autoreply
