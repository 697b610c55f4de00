#include "report/time_text.h"

#include <algorithm>

namespace autoreply {

std::string time_text(const std::string& iso_time) {
  std::string text = iso_time.substr(0, 19);
  std::ranges::replace(text, 'T', ' ');
  return text;
}

}  // namespace autoreply
