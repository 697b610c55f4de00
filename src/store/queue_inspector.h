#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "job/scope.h"
#include "store/checkup.h"
#include "store/database_config.h"
#include "store/job_filter.h"
#include "store/period_report.h"

namespace autoreply {

/// Which jobs a person means.
struct JobSelection {
  JobFilter filter;
  std::vector<std::string> statuses{};  ///< words of the column `status`; empty: all
  std::string text{};                   ///< contained in `error` or `outcome`, in any case
};

/// A job as people see it. Times are ISO 8601 in UTC, empty for NULL.
struct JobEntry {
  std::string id;
  std::string workspace_id;
  std::string contact_id;
  std::string message_id;
  std::string status;
  std::string outcome;
  std::string error;
  int attempts = 0;
  int sends = 0;
  std::string created_at;
  std::string next_attempt_at;
  std::string claimed_at;
  std::string started_at;
  std::string lease_until;
  std::string sent_at;
  std::string processed_at;
  std::string retried_at;
  bool is_held = false;        ///< a claim token stands in the row
  bool lease_is_over = false;  ///< and its lease ran out
  bool is_due = false;         ///< pending, and its time has come
};

/// What the log holds of a reply.
struct LoggedReply {
  std::string id;
  std::string provider;
  std::string model;
  std::string prompt;
  std::string text;
  std::optional<std::int64_t> tokens_used;
  std::string cost;  ///< in dollars; empty: unknown
  std::string created_at;
};

/// An attempt of a job that failed.
struct JobFailure {
  std::string at;  ///< when; an attempt that had no outcome: when it began
  std::string error;
};

/// What a pending job waits for, as the view `autoreply_waiting` names it.
struct JobWait {
  std::string reason;  ///< empty: the job is not pending
  std::string detail;  ///< one line, for people
  std::string until;   ///< when it may be claimed; empty: not known
};

/// All that the database knows of a job.
struct JobStory {
  JobEntry job;
  std::string message;  ///< the customer's text
  std::optional<LoggedReply> reply;
  std::vector<JobFailure> failures;  ///< the last ones; equal ones in a row are one
  std::string contact_in_flight;     ///< the id of another job of the contact that is claimed now
  JobWait wait;                      ///< what a pending job waits for
  std::string elder_entry;           ///< the id of an older unfinished job for the same message
};

struct JobList {
  std::int64_t count = 0;  ///< of all that match
  std::vector<JobEntry> jobs;
};

/// What a person may do to jobs.
struct JobChange {
  enum class Kind {
    retry,   ///< put failed, waiting and stuck jobs back, with fresh attempts and a fresh age
    cancel,  ///< end pending jobs as skipped
  };

  Kind kind = Kind::retry;
  bool regenerate = false;        ///< `retry`: discard a recorded reply
  bool delivery_unknown = false;  ///< `retry`: also jobs whose customer may have the reply
};

/// Jobs that wait for the same, as the view `autoreply_waiting` names it.
struct WaitingJobs {
  std::string reason;
  std::string detail;  ///< one line, for people
  std::int64_t jobs = 0;
  std::string since;  ///< since when the first of them has waited
  std::string until;  ///< when the first of them may be claimed; empty: not known
};

/// Jobs that failed for the same reason.
struct FailedJobs {
  std::string cause;  ///< a note of the column `outcome`, or an error
  std::int64_t jobs = 0;
  std::string last_at;  ///< when the last of them failed
};

/// A breaker that lets no jobs through, or only a probe.
struct OpenBreaker {
  std::string name;
  std::string label;
  Scope scope = Scope::job;  ///< who must mend the cause; `job`: no one
  std::string reason;
  std::string since;   ///< empty: the peer asked for a wait
  std::string until;   ///< the next probe, or the end of that wait
  bool holds = false;  ///< jobs wait for it; if not, it may be of former settings
};

/// A run that found something to do.
struct RunEntry {
  std::string run_id;
  std::string host;
  std::string started_at;              ///< empty: a program of an earlier version
  std::string ended_at;                ///< empty: it has not ended
  std::chrono::milliseconds since{0};  ///< its end, or its last sign of life
  int exit_status = 0;
  std::int64_t claimed = 0;
  bool has_died = false;
};

/// When a run last looked at the queue.
struct LastLook {
  std::string at;
  std::chrono::milliseconds since{0};
  std::string host;
};

/// What replies have cost.
struct SpentToday {
  std::int64_t tokens = 0;
  std::string cost;  ///< in dollars; empty: not known
};

/// Which finished jobs are to be deleted.
struct PurgeSelection {
  std::chrono::milliseconds older_than{0};  ///< since they finished
  std::vector<std::string> statuses{"complete", "error"};
  std::vector<std::string> workspace_ids{};  ///< empty: all
};

/// A page of the queue that was purged.
struct PurgedPage {
  std::string last{};  ///< id of the last job; empty: there was none
  std::int64_t deleted = 0;
};

/// A period whose inbound messages may have no answer.
struct Period {
  std::string since;                         ///< ISO 8601, inclusive
  std::string until;                         ///< exclusive
  std::vector<std::string> workspace_ids{};  ///< empty: all
  std::vector<std::string> contact_ids{};    ///< empty: all
};

struct UnansweredMessage {
  std::string id;
  std::string workspace_id;
  std::string contact_id;
  std::string created_at;
  std::string position{};  ///< in the order of time, as the database writes it
};

struct UnansweredMessages {
  std::int64_t count = 0;  ///< of all
  std::vector<UnansweredMessage> messages;
};

/// How the queue is now.
struct QueueStatus {
  std::int64_t pending = 0;
  std::int64_t due = 0;
  std::optional<std::chrono::milliseconds> oldest_due{};  ///< how long it has been due
  std::int64_t in_flight = 0;
  std::int64_t lapsed = 0;             ///< held by runs that are gone
  std::int64_t foreign = 0;            ///< held by another service
  std::vector<WaitingJobs> waiting{};  ///< those that the next run cannot take
  std::vector<OpenBreaker> breakers{};
  SpentToday today{};  ///< since midnight UTC
  std::optional<LastLook> last_look{};
  std::vector<RunEntry> runs{};  ///< the last ones first
  std::int64_t failed = 0;       ///< in the last 24 hours
  std::vector<FailedJobs> causes{};
};

/// Reads the queue and changes jobs for people. Runs may go on meanwhile. One thread at a time may
/// use it. Errors are those of `JobStore`.
class QueueInspector {
 public:
  QueueInspector() = default;
  virtual ~QueueInspector() = default;
  QueueInspector(const QueueInspector&) = delete;
  QueueInspector& operator=(const QueueInspector&) = delete;

  /// What may keep customers waiting. Changes nothing.
  [[nodiscard]] virtual Result<Checkup> check_up() = 0;
  /// What happened since a time, in certain workspaces or all.
  [[nodiscard]] virtual Result<PeriodReport> report(const std::string& since,
                                                    const std::vector<std::string>& workspaces) = 0;
  /// How the queue is now, of certain workspaces or all.
  [[nodiscard]] virtual Result<QueueStatus> status(const std::vector<std::string>& workspaces) = 0;
  /// How many jobs are due that a filter selects, whatever limits and breakers allow.
  [[nodiscard]] virtual Result<std::int64_t> count_due(const JobFilter& filter) = 0;
  /// The newest jobs that match, at most `limit`.
  [[nodiscard]] virtual Result<JobList> list(const JobSelection& selection, int limit) = 0;
  /// Empty if there is no such job.
  [[nodiscard]] virtual Result<std::optional<JobStory>> show(const std::string& job_id) = 0;
  /// How many of the jobs that match the change can be done to. Jobs that were created after
  /// `begun_at`, a time of `now`, are left out.
  [[nodiscard]] virtual Result<std::int64_t> count(const JobSelection& selection,
                                                   const JobChange& change,
                                                   const std::string& begun_at) = 0;
  /// Changes up to a thousand of them and returns how many. Jobs that a run holds are left alone.
  /// Calls with the same `begun_at` retry a job once at most.
  [[nodiscard]] virtual Result<std::int64_t> change_some(const JobSelection& selection,
                                                         const JobChange& change,
                                                         const std::string& begun_at) = 0;
  /// Counts the jobs that a purge would delete.
  [[nodiscard]] virtual Result<std::int64_t> count_purgeable(const PurgeSelection& selection) = 0;
  /// Looks at some thousand jobs after the id `after` and deletes those that are finished.
  [[nodiscard]] virtual Result<PurgedPage> purge_page(const PurgeSelection& selection,
                                                      const std::string& after) = 0;
  /// Finds inbound messages that have no entry in the queue, no reply in the log and no later
  /// outbound message. Returns those after the message `after`, the oldest first, at most `limit`.
  [[nodiscard]] virtual Result<UnansweredMessages> unanswered(
      const Period& period, const std::optional<UnansweredMessage>& after, int limit) = 0;
  /// Puts messages into the queue that still are unanswered, and returns how many entries were
  /// made. Two calls for one message make one entry.
  [[nodiscard]] virtual Result<std::int64_t> enqueue(
      std::span<const UnansweredMessage> messages) = 0;
  /// The database's time in ISO 8601, or the time that was so long ago.
  [[nodiscard]] virtual Result<std::string> now(std::chrono::milliseconds ago) = 0;
};

}  // namespace autoreply
