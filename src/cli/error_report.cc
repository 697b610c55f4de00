#include "cli/error_report.h"

#include <cstdio>

#include <fmt/format.h>

#include "base/text.h"

namespace autoreply {

ExitStatus report_error(const Error& error) {
  fmt::print(stderr, "autoreply: {}\n", one_line(error.message));
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
