#include "run/notices.h"

namespace autoreply {

void Notices::say_once(std::string_view event, std::initializer_list<LogField> fields) {
  constexpr std::size_t kNoticesMax = 1'000;
  std::string notice(event);
  for (const LogField& field : fields) notice.append(1, '\0').append(field.value);
  {
    const std::scoped_lock lock(mutex_);
    if (said_.size() >= kNoticesMax || !said_.insert(std::move(notice)).second) return;
  }
  log_.warn(event, fields);
}

}  // namespace autoreply
