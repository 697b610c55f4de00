#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/task.h"
#include "claim/claim.h"
#include "job/breaker.h"
#include "job/hold.h"
#include "job/job.h"
#include "job/peer.h"
#include "run/breaker_reports.h"
#include "store/job_store.h"

namespace autoreply {

class StoreBatchers;

/// A run's view of the breakers. The breakers live in the database. The run knows their state from
/// its last claim or report, and collects acceptances that it has not written yet. Thread-safe.
class Breakers final {
 public:
  using Now = std::function<std::chrono::steady_clock::time_point()>;

  /// `store` and `log` must outlive the breakers. Tests replace `now`.
  Breakers(StoreBatchers& store, const Log& log, Now now = std::chrono::steady_clock::now)
      : store_(store), log_(log), steady_now_(std::move(now)) {}

  /// Takes over the breakers that a claim read.
  void learn(const Claim& claim);

  /// Counts a call of this run as under way for the lifetime of this object.
  class Call final {
   public:
    Call(Breakers& breakers, std::vector<Peer> peers);
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

   private:
    Breakers& breakers_;
    const std::vector<Peer> peers_;
  };

  /// The reason why a peer may not be called now.
  struct Objection {
    std::string peer;          ///< name of the breaker
    std::string reason;        ///< for people, one line
    Scope scope = Scope::job;  ///< whose fault; `job`: an outage or throttling
    std::optional<std::chrono::milliseconds> wait{};  ///< before the next try; empty: unknown
    bool is_refused = false;                          ///< the breaker is open because of a refusal
  };
  /// Returns nothing if the job may call all of the peers. A job may call a peer whose breaker is
  /// open if it is the probe.
  [[nodiscard]] std::optional<Objection> objection(const std::vector<Peer>& peers,
                                                   const ClaimedJob& job) const;

  /// Counts the report and returns the new state of its breaker. An acceptance that changes nothing
  /// else is not written; `take_accepted` returns it. If the report cannot be written, logs a
  /// warning and returns the last known state.
  Task<Reported> report(const BreakerReport& report);

  /// Lets another job be the probe, because this one made no call.
  Task<> give_back_probe(const std::string& name, const JobId& job);

  /// The peer's last acceptance that this run knows of.
  [[nodiscard]] std::optional<Acceptance> last_accepted(const std::string& name) const;

  /// Whether the breaker stands for a key that the operator lacks and most workspaces need.
  [[nodiscard]] bool is_missed_operator_key(const std::string& name) const;

  /// Returns the peers with acceptances that were not written yet, and forgets them.
  [[nodiscard]] std::vector<AcceptedPeer> take_accepted();

  /// The breakers that are open because of a refusal and that this run reported to. A person must
  /// fix the cause.
  [[nodiscard]] std::vector<NamedBreaker> refusing() const;

  /// What the breakers hold that this run reported to: those that are open, or blocked for a time.
  [[nodiscard]] std::vector<Hold> holds() const;

  /// Jobs that were rejected through no fault of their own.
  struct Wronged {
    std::string reason;
    Scope scope = Scope::workspace;
    std::vector<WrongedJob> jobs;
  };
  [[nodiscard]] std::vector<Wronged> wronged() const;

 private:
  struct Known {
    std::string label;
    Breaker breaker;
    bool was_called = false;             ///< by this run
    std::set<std::string> workspaces{};  ///< of this run's reports
  };

  void learn_one(const Peer& peer, const Breaker& found);
  void note_wronged(const Breaker& found);
  void tell(const Peer& peer, const Breaker& before, const Breaker& after) const;
  [[nodiscard]] std::optional<Objection> objection_of(const Known& known, int calls) const;
  [[nodiscard]] DatabaseTime now() const;

  StoreBatchers& store_;
  const Log& log_;
  const Now steady_now_;
  mutable std::mutex mutex_;  // guards all below
  std::unordered_map<std::string, Known> known_;
  std::unordered_map<std::string, int> calls_;              ///< calls under way
  std::unordered_map<std::string, AcceptedPeer> accepted_;  ///< not written yet
  std::unordered_set<std::string> missed_operator_keys_;
  /// By job. Entries stay after the database has dropped the rejections.
  std::unordered_map<std::string, Wronged> wronged_;
  DatabaseTime claimed_at_ = 0;  ///< by the database's clock; ours runs at the same rate
  std::chrono::steady_clock::time_point claim_seen_at_;
};

}  // namespace autoreply
