#pragma once

#include <ctime>

namespace autoreply::test {

/// The processor time that the calling thread has used, in seconds. Unlike the time on the wall, it
/// does not depend on what else the machine does.
inline double thread_cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

}  // namespace autoreply::test
