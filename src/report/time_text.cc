#include "report/time_text.h"

#include <algorithm>

#include "base/duration.h"

namespace autoreply {

std::string time_text(const std::string& iso_time) {
  std::string text = iso_time.substr(0, 19);
  std::ranges::replace(text, 'T', ' ');
  return text;
}

std::string age_text(std::chrono::milliseconds age) {
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(age);
  return whole.count() == 0 ? "0s" : format_duration(whole);
}

}  // namespace autoreply
