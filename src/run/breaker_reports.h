#pragma once

#include <optional>
#include <span>
#include <vector>

#include "job/breaker.h"
#include "job/peer.h"
#include "store/job_store.h"

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

struct CountedReports {
  std::vector<Reported> reported;     ///< one element for each report, in order
  std::vector<NamedBreaker> changed;  ///< the breakers that are to be written
};

/// The breakers that the reports may change, in the order in which all transactions lock breakers.
[[nodiscard]] BreakersToLock breakers_to_lock(std::span<const BreakerReport> reports);

/// Counts reports into their breakers, in order. `locked` has those of `breakers_to_lock`.
[[nodiscard]] CountedReports count_reports(std::span<const BreakerReport> reports,
                                           const LockedBreakers& locked);

/// Counts reports in the database, all in one transaction. Returns one element for each report, in
/// order. Errors: those of `JobStore::update_breakers`.
[[nodiscard]] Result<std::vector<Reported>> count_reports_in(
    JobStore& store, std::span<const BreakerReport> reports);

}  // namespace autoreply
