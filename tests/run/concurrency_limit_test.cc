#include "run/concurrency_limit.h"

#include <cstdlib>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "net/http_client.h"

namespace autoreply {
namespace {

constexpr rlim_t kPerJob = HttpClient::kDescriptorsMax;

/// Sets both limits. Call it only in a child process, because the hard limit cannot be raised
/// again.
void limit_files(rlim_t soft, rlim_t hard) {
  const rlimit files{.rlim_cur = soft, .rlim_max = hard};
  if (setrlimit(RLIMIT_NOFILE, &files) != 0) std::_Exit(99);
}

rlim_t soft_limit() {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  return files.rlim_cur;
}

int fit(int wanted) {
  const Log log(LogLevel::warn, LogFormat::text, "run");
  return concurrency_within_limits(wanted, 1, log);
}

using testing::ExitedWithCode;

TEST(ConcurrencyLimitDeathTest, LeavesALimitThatIsHighEnough) {
  EXPECT_EXIT(
      {
        limit_files(1'024, 1'024);
        std::_Exit(fit(16) == 16 && soft_limit() == 1'024 ? 0 : 1);
      },
      ExitedWithCode(0),
      "^$");
}

TEST(ConcurrencyLimitDeathTest, RaisesTheSoftLimitAsFarAsItNeeds) {
  EXPECT_EXIT(
      {
        limit_files(100, 4'000);
        const bool fits = fit(200) == 200;
        std::_Exit(fits && soft_limit() >= 200 * kPerJob && soft_limit() < 4'000 ? 0 : 1);
      },
      ExitedWithCode(0),
      "^$");
}

TEST(ConcurrencyLimitDeathTest, LowersTheConcurrencyToTheHardLimit) {
  EXPECT_EXIT(
      {
        limit_files(256, 1'024);
        const int possible = fit(1'000);
        const bool fits = possible > 50 && static_cast<rlim_t>(possible) * kPerJob < 1'024;
        std::_Exit(fits && soft_limit() == 1'024 ? 0 : 1);
      },
      ExitedWithCode(0),
      "concurrency_lowered.* from=1000 .*ulimit -Hn");
}

TEST(ConcurrencyLimitDeathTest, AllowsOneJobWhateverTheLimit) {
  EXPECT_EXIT(
      {
        limit_files(20, 20);
        std::_Exit(fit(1) == 1 && fit(4) == 1 ? 0 : 1);
      },
      ExitedWithCode(0),
      "concurrency_lowered");
}

}  // namespace
}  // namespace autoreply
