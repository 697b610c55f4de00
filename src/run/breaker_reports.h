#pragma once

#include <optional>
#include <span>
#include <vector>

#include "job/breaker.h"
#include "job/peer.h"
#include "store/claim_statements.h"

namespace autoreply {

/// A report, and the peer whose breaker it is counted into.
struct BreakerReport {
  Peer peer;
  CallReport report;
  BreakerRules rules = kCallbackRules;
  /// The part of the peer that concerns the report's workspace alone; without a name: there is
  /// none.
  Peer narrow{};
  /// Failures of one workspace alone open the narrow breaker if others have due jobs.
  bool narrows_failures = false;
  bool narrow_probe = false;  ///< the job was let through to try under the narrow breaker
};

/// What a report has come to.
struct Reported {
  Breaker breaker;
  std::optional<Breaker> narrow{};  ///< if the report opened it, or kept it open
  /// Of a rejection: whose fault it is by all that the database knows; `the_operator` stands for
  /// the owner of what the peer was called with.
  Scope scope = Scope::job;
};

/// Counts reports into their breakers; one element a report, in order.
[[nodiscard]] std::vector<Reported> count_reports(std::span<const BreakerReport> reports,
                                                  BreakerStatements& statements);

}  // namespace autoreply
