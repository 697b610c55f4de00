#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "job/breaker.h"
#include "job/conversation.h"
#include "job/hold.h"
#include "job/job.h"
#include "store/claim_statements.h"

namespace autoreply {

/// The result of a claim.
struct Claim {
  std::vector<ClaimedJob> jobs;
  /// The breakers of all peers that the claim's workspaces need, as the claim left them.
  std::vector<NamedBreaker> breakers;
  /// Names of breakers that stand for a key that the operator lacks. Most of the workspaces that
  /// the claim looked at need that key.
  std::vector<std::string> missed_operator_keys;
  DatabaseTime at = 0;  ///< when the claim began
  /// Jobs that the claim left unchanged because the database refuses to change them.
  std::vector<RefusedJob> refused{};
};

/// Due jobs that one breaker keeps from being claimed.
struct HeldBack {
  NamedBreaker by;
  Scope scope = Scope::job;  ///< whose fault; `job`: an outage or throttling ends by itself
  int jobs = 0;
};

/// How many waiting jobs are counted at most.
inline constexpr int kWaitingCountMax = 1'000;

/// Counts of waiting jobs, each at most `kWaitingCountMax`.
struct Waiting {
  int due = 0;
  int throttled = 0;                        ///< how many of them a limit keeps unclaimed
  int held_back = 0;                        ///< how many of them a breaker keeps unclaimed
  std::chrono::milliseconds oldest_due{0};  ///< how long the oldest has been due
  std::vector<HeldBack> breakers{};
  std::vector<Hold> holds{};  ///< each once
  /// The workspaces whose holds are known.
  std::vector<std::string> workspaces{};
  bool are_all = true;  ///< of the workspaces with due jobs
};

/// A job as a claim and a start would see it now.
struct PreviewedJob {
  ClaimedJob claimed;
  JobContext context;
};

}  // namespace autoreply
