#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace autoreply {

/// How far a step of a migration is that takes long.
struct MigrationProgress {
  std::string step;        ///< such as "autoreply_queue_turn: scanning table"
  std::int64_t done = 0;   ///< of any unit
  std::int64_t total = 0;  ///< 0: not known
};

/// Told several times a second while a step lasts, in another thread. May be empty.
using MigrationListener = std::function<void(const MigrationProgress&)>;

}  // namespace autoreply
