#pragma once

#include <chrono>
#include <ctime>

namespace autoreply {

/// A steady clock that keeps counting while the machine is suspended (CLOCK_BOOTTIME). It measures
/// leases, because the database server does not suspend with this machine.
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
