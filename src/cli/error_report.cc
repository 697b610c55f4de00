#include "cli/error_report.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/output.h"
#include "base/text.h"

namespace autoreply {

ExitStatus status_of(const Error& error) {
  switch (error.kind) {
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

std::string error_json(std::string_view message, ExitStatus status, std::string_view run_id) {
  nlohmann::ordered_json object;
  if (!run_id.empty()) object["run_id"] = run_id;
  object["error"] = one_line(to_valid_utf8(message));
  object["exit_status"] = static_cast<int>(status);
  return object.dump();
}

ExitStatus report_failure(std::string_view message,
                          ExitStatus status,
                          OutputFormat output,
                          std::string_view run_id) {
  const std::string line = one_line(to_valid_utf8(message));
  print_error(fmt::format("autoreply: {}\n", line));
  if (output == OutputFormat::json) print_out(error_json(message, status, run_id) + "\n");
  return status;
}

ExitStatus report_error(const Error& error, OutputFormat output, std::string_view run_id) {
  return report_failure(error.message, status_of(error), output, run_id);
}

}  // namespace autoreply
