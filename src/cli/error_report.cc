#include "cli/error_report.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/output.h"
#include "base/text.h"

namespace autoreply {
namespace {

ExitStatus status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::unavailable:
      return ExitStatus::unavailable;
    case ErrorKind::busy:
      return ExitStatus::retry;
    case ErrorKind::misconfigured:
      return ExitStatus::misconfigured;
    case ErrorKind::refused:
    case ErrorKind::token_lost:
    case ErrorKind::internal:
      return ExitStatus::internal;
  }
  return ExitStatus::internal;
}

}  // namespace

ExitStatus report_failure(std::string_view message,
                          ExitStatus status,
                          OutputFormat output,
                          std::string_view run_id) {
  const std::string line = one_line(to_valid_utf8(message));
  print_error(fmt::format("autoreply: {}\n", line));
  if (output == OutputFormat::json) {
    nlohmann::ordered_json object;
    if (!run_id.empty()) object["run_id"] = run_id;
    object["error"] = line;
    object["exit_status"] = static_cast<int>(status);
    print_out(object.dump() + "\n");
  }
  return status;
}

ExitStatus report_error(const Error& error, OutputFormat output, std::string_view run_id) {
  return report_failure(error.message, status_of(error.kind), output, run_id);
}

}  // namespace autoreply
