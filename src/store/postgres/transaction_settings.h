#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>

namespace autoreply {

/// What the planner may choose from. Its statistics may be missing or older than the queue's
/// growth, and would then mislead it.
enum class Plans {
  any,
  walks,    ///< only walks of indexes, in their order: for statements that stop early
  lookups,  ///< only index lookups, row by row: for statements that work on a small batch
};

struct ServerSetting {
  std::string_view name;
  std::string_view value;
};

/// The settings that restrict the planner.
[[nodiscard]] std::span<const ServerSetting> planner_settings(Plans plans);

/// Limits of one transaction. The server enforces the first three; they are set with SET LOCAL, so
/// a pooler in transaction mode never sees session state.
struct TransactionLimits {
  std::chrono::milliseconds lock{5'000};
  std::chrono::milliseconds statement{10'000};
  std::chrono::milliseconds idle{5'000};
  Plans plans = Plans::any;
  /// Whether the commit waits for the disk. If not, a crash of the server may undo it.
  bool durable = true;
  /// How much longer than `statement` an answer may take until the connection counts as lost.
  std::chrono::milliseconds network{2'000};
};

/// For the statements of a migration. On a slow disk, a page of a big queue takes longer than any
/// statement of a run.
inline constexpr std::chrono::milliseconds kMigrationStatementMax{30'000};

/// The statement that sets what a transaction relies on, until its end. It overrides what the role,
/// the database and the pooler have set.
[[nodiscard]] std::string settings_sql(const TransactionLimits& limits);

}  // namespace autoreply
