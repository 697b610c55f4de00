#include "cli/consent.h"

#include <iostream>

#include <fmt/format.h>
#include <unistd.h>

#include "base/output.h"
#include "base/text.h"
#include "cli/error_report.h"
#include "store/database_url.h"

namespace autoreply {

std::optional<ExitStatus> refused_consent(const std::string& what,
                                          bool yes,
                                          const GlobalOptions& global) {
  if (yes) return std::nullopt;
  if (isatty(STDIN_FILENO) == 0 || isatty(STDERR_FILENO) == 0) {
    return report_failure(
        fmt::format("this would {}: add --yes", what), ExitStatus::usage, global.output);
  }
  print_error(fmt::format("{} of {}? [y/N] ", what, database_label(global.database.url)));
  std::string answer;
  std::getline(std::cin, answer);
  answer = lower_case(trimmed(answer));
  if (answer == "y" || answer == "yes") return std::nullopt;
  return report_failure("nothing was changed", ExitStatus::failed, global.output);
}

}  // namespace autoreply
