#pragma once

#include <cstdint>
#include <mutex>
#include <vector>

#include "base/loop.h"

namespace autoreply {

/// Watches the loops of a run. Thread-safe.
class LoopWatch final {
 public:
  /// The loop must not go before `remove`.
  void add(const Loop& loop);
  void remove(const Loop& loop);

  /// Looks at all loops. Returns whether one of them is still doing the step that it did at the
  /// last `looks` calls. Only one thread may call it.
  [[nodiscard]] bool finds_one_standing_still(int looks);

  /// How long the longest step of any loop kept the processor.
  [[nodiscard]] Loop::Clock::duration longest_step() const;

 private:
  struct Watched {
    const Loop* loop = nullptr;
    std::uint64_t step = 0;  ///< at the last look
    int looks = 0;           ///< in a row that found this step
  };

  mutable std::mutex mutex_;  // guards all below
  std::vector<Watched> watched_;
  Loop::Clock::duration longest_{0};  ///< of the removed loops
};

}  // namespace autoreply
