#include "base/pattern.h"

#include <mutex>

namespace autoreply {

std::regex compiled(const char* pattern) {
  static std::mutex mutex;
  const std::scoped_lock lock(mutex);
  return std::regex(pattern);
}

}  // namespace autoreply
