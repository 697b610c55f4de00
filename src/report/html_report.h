#pragma once

#include <string>

#include "store/period_report.h"

namespace autoreply {

/// Returns one HTML page that needs nothing else: no network, no script. It follows the reader's
/// choice of dark or light and fits a phone.
[[nodiscard]] std::string html_report(const PeriodReport& report);

}  // namespace autoreply
