#pragma once

#include <chrono>
#include <ctime>

namespace autoreply {

/// A steady clock that also counts the time in which the machine slept (CLOCK_BOOTTIME): what a
/// lease is measured with, since the database does not sleep along.
struct BootClock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<BootClock>;

  [[nodiscard]] static time_point now() noexcept {
    timespec time{};
    clock_gettime(CLOCK_BOOTTIME, &time);
    return time_point(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
  }
};

}  // namespace autoreply
