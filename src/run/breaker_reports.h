#pragma once

#include <optional>
#include <span>
#include <vector>

#include "job/breaker.h"
#include "job/peer.h"
#include "store/claim_statements.h"

namespace autoreply {

/// A report and the peer whose breaker counts it.
struct BreakerReport {
  Peer peer;
  CallReport report;
  BreakerRules rules = kCallbackRules;
  /// The part of the peer that only the report's workspace uses. No name: there is none.
  Peer narrow{};
  /// If only this workspace's calls failed and others have due jobs, open the narrow breaker
  /// instead of the wide one.
  bool narrows_failures = false;
  bool narrow_probe = false;  ///< the job was let through as the narrow breaker's probe
};

/// The result of counting one report.
struct Reported {
  Breaker breaker;
  std::optional<Breaker> narrow{};  ///< set if the report opened it or kept it open
  /// Whose fault a rejection is, judging by everything in the database. `workspace` also if a key
  /// was refused to this workspace alone. `the_operator` means the owner of the key or token.
  Scope scope = Scope::job;
};

/// Counts reports into their breakers. Returns one element for each report, in order.
[[nodiscard]] std::vector<Reported> count_reports(std::span<const BreakerReport> reports,
                                                  BreakerStatements& statements);

}  // namespace autoreply
