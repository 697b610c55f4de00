#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "store/batch_json.h"
#include "store/job_store.h"

namespace autoreply {

// What a claim and a report on a breaker come to is the same on every database; only the statements
// differ. These functions run inside a transaction that the store has opened.

/// The statements about breakers. `read` answers with the JSON of `parse_breaker`, and `write`
/// takes that of `breaker_json`.
struct BreakerStatements {
  std::function<void(const std::string& name, const std::string& label)> make_and_lock;
  std::function<std::string(const std::string& name)> read;
  std::function<void(const std::string& name, const std::string& json)> write;
};

/// What one statement of a claim is to take.
struct ClaimPortion {
  long long window_rows = 0;  ///< of the longest due rows, that it looks at
  int jobs = 0;               ///< at most
  std::string filter;         ///< JSON
  bool at_random = false;     ///< any of the window instead of the longest due
};

using TakePortion = std::function<ClaimedBatch(const ClaimPortion&)>;

/// One claim, as the breaker admits it. Run under the claim lock.
[[nodiscard]] Claim claim_as_admitted(const ClaimRequest& request,
                                      const BreakerStatements& breakers,
                                      const TakePortion& take);

/// Counts reports into their breakers.
[[nodiscard]] std::vector<Breaker> count_reports(std::span<const BreakerReport> reports,
                                                 const BreakerStatements& breakers);

}  // namespace autoreply
