#include "cli/error_report.h"

#include <fmt/format.h>

#include "base/output.h"
#include "base/text.h"

namespace autoreply {

ExitStatus report_error(const Error& error) {
  print_error(fmt::format("autoreply: {}\n", one_line(error.message)));
  switch (error.kind) {
    case ErrorKind::unavailable:
      return ExitStatus::unavailable;
    case ErrorKind::busy:
      return ExitStatus::retry;
    case ErrorKind::misconfigured:
      return ExitStatus::misconfigured;
    case ErrorKind::refused:
    case ErrorKind::internal:
      return ExitStatus::internal;
  }
  return ExitStatus::internal;
}

}  // namespace autoreply
