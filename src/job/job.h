#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace autoreply {

/// Id of a row of the queue: a UUID in lower-case text form.
struct JobId {
  std::string value;
  bool operator==(const JobId&) const = default;
};

/// The fence: one fresh UUID a claim. Every write of a job names the token it was claimed under.
struct ClaimToken {
  std::string value;
  bool operator==(const ClaimToken&) const = default;
};

/// One row of the queue. Ids are as the database prints them; empty where the column is NULL.
struct Job {
  JobId id;
  std::string workspace_id;
  std::string contact_id;
  std::string message_id;
};

/// A key of a provider, as what guards it knows it; both are empty where no provider is asked.
struct ProviderKey {
  std::string breaker;  ///< the name of its breaker
  std::string address;  ///< what is called
};

/// A job that this run holds, as it was taken by the claim.
struct ClaimedJob {
  Job job;
  ClaimToken token;
  int attempt = 1;          ///< number of this attempt, from 1
  int attempts_before = 0;  ///< `attempts` to restore where this claim costs no attempt
  int sends = 0;            ///< transmissions of the reply so far
  std::optional<std::string> reply_log_id;  ///< set where an earlier attempt recorded a reply
  /// An earlier transmission got no definite answer, so the customer may have the reply already.
  bool in_doubt = false;
  /// No attempt is left: the job was claimed only to be ended.
  bool exhausted = false;
  /// The attempt before was started and its lease ran out, so that its process may have died of it.
  bool broken_off = false;
  /// Claimed under the callback's open breaker, to find out whether it is up again.
  bool probes_callback = false;
  /// The same of its provider.
  bool probes_provider = false;
  /// The provider key that will be asked for a reply, as far as the claim could tell.
  ProviderKey provider{};
  /// When the job was claimed before this claim, as the database prints it.
  std::optional<std::string> claimed_before{};
};

}  // namespace autoreply
