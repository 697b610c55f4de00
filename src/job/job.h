#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "job/attempt_result.h"
#include "job/database_time.h"

namespace autoreply {

/// Id of a row of the queue: a UUID in lower-case text form.
struct JobId {
  std::string value;
  bool operator==(const JobId&) const = default;
};

/// A fresh UUID for each claim. Every write to a job names the token under which it was claimed, so
/// a run that lost the job can no longer write to it.
struct ClaimToken {
  std::string value;
  bool operator==(const ClaimToken&) const = default;
};

/// One row of the queue. Ids are as the database prints them; empty if the column is NULL.
struct Job {
  JobId id;
  std::string workspace_id;
  std::string contact_id;
  std::string message_id;
  std::optional<DatabaseTime> created_at{};  ///< empty also if the database has no use for it
};

/// The part of a claimed job that fences a write.
struct HeldJob {
  JobId id;
  ClaimToken token;
};

/// A job that this run holds, as the claim found it.
struct ClaimedJob {
  Job job;
  ClaimToken token;
  int attempt = 1;          ///< number of this attempt, from 1
  int attempts_before = 0;  ///< `attempts` to restore if this claim costs no attempt
  int sends = 0;            ///< transmissions of the reply so far
  std::optional<std::string> reply_log_id;  ///< set if an earlier attempt recorded a reply
  /// The log of a reply that a person had discarded, so that another one is generated.
  std::optional<std::string> former_log_id{};
  /// An earlier transmission got no definite answer, so the customer may have the reply already.
  bool in_doubt = false;
  /// It may not be sent again, but stays in doubt instead of failing, because the callback has
  /// accepted nothing since.
  bool kept_in_doubt = false;
  /// No attempt is left; the job was claimed only to be ended.
  bool exhausted = false;
  /// The previous attempt started and its lease ran out: this job may have killed its process.
  bool broken_off = false;
  PreviousAttempt previous{};
  /// The open breakers whose probe this job is: its call shows whether calls work again.
  std::vector<std::string> probes{};
  /// The job may not be answered now and calls no peer. It was claimed to be ended if it has
  /// expired, or to be looked up in the host's record if it is in doubt.
  bool calls_nobody = false;
  /// The address of the provider that will be called, as far as the claim could tell; empty if none
  /// will be.
  std::string provider_address{};
  /// When the job was last claimed before this claim, as the database prints it.
  std::optional<std::string> claimed_before{};
  std::optional<DatabaseTime> previous_claim{};  ///< the same moment

  [[nodiscard]] bool is_probe_of(const std::string& breaker) const {
    return std::find(probes.begin(), probes.end(), breaker) != probes.end();
  }
};

}  // namespace autoreply
