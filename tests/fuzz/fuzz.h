#pragma once

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>

#include <fmt/core.h>

#include "base/clocks.h"

namespace autoreply::fuzz {

/// Ends the process with a finding unless `holds`.
inline void require(bool holds, const char* what) {
  if (holds) return;
  fmt::print(stderr, "finding: {}\n", what);
  std::abort();
}

/// Requires that `work` takes time linear in its text: on four times as much of the same input it
/// may take twelve times as long at most. An input that is dropped as a whole at one length and not
/// at another takes a leap once, so only two such leaps in a row count. Does so for one input in
/// 64, since that costs as much as a hundred others.
inline void require_linear(std::string_view input,
                           const std::function<void(const std::string&)>& work) {
  constexpr std::size_t kShortest = 16UL << 10U;
  constexpr std::size_t kGrowth = 4;
  constexpr double kFactorMax = 12;
  constexpr double kNoiseSeconds = 0.01;
  constexpr int kTries = 3;
  if (input.empty() || std::hash<std::string_view>()(input) % 64 != 0) return;
  std::string text;
  while (text.size() < kShortest * kGrowth * kGrowth) text += input;
  const auto seconds = [&](std::size_t bytes) {
    const std::string part = text.substr(0, bytes);
    const auto start = ThreadClock::now();
    work(part);
    return std::chrono::duration<double>(ThreadClock::now() - start).count();
  };
  const auto leaps_from = [&](std::size_t bytes) {
    for (int number = 0; number < kTries; ++number) {
      const double brief = seconds(bytes);
      if (seconds(kGrowth * bytes) <= kFactorMax * brief + kNoiseSeconds) return false;
    }
    return true;
  };
  require(!leaps_from(kShortest) || !leaps_from(kGrowth * kShortest),
          "the time is not linear in the input");
}

}  // namespace autoreply::fuzz
