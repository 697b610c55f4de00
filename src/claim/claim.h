#pragma once

#include <string>
#include <vector>

#include "job/breaker.h"
#include "job/conversation.h"
#include "job/job.h"
#include "store/claim_statements.h"

namespace autoreply {

/// What a claim took.
struct Claim {
  std::vector<ClaimedJob> jobs;
  /// Those of all peers that the claim's workspaces need, as the claim left them.
  std::vector<NamedBreaker> breakers;
  /// Names of those that stand for a key which the operator lacks, and on which most of the
  /// workspaces with due jobs rely.
  std::vector<std::string> missed_operator_keys;
  DatabaseTime at = 0;  ///< when it looked at them
  /// What it left as it was, since the database refuses to change it.
  std::vector<RefusedJob> refused{};
};

/// Due jobs that one breaker keeps from being claimed.
struct HeldBack {
  NamedBreaker by;
  Scope scope = Scope::job;  ///< whose fault; `job`: an outage or a throttle, which ends by itself
  int jobs = 0;
};

/// What waits, each counted to at most 1,000.
struct Waiting {
  int due = 0;
  int throttled = 0;  ///< of those: unclaimed for a limit
  int held_back = 0;  ///< of those: unclaimed for a breaker
  std::vector<HeldBack> breakers{};
};

/// A job as a claim and a start at this moment would see it.
struct PreviewedJob {
  ClaimedJob claimed;
  JobContext context;
};

}  // namespace autoreply
