#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/job_store.h"
#include "support/fake_queue.h"

namespace autoreply::test {

/// A database in memory, behind any number of stores, for tests of a run without I/O. Tests set the
/// public members before a run and read them after it.
class FakeDatabase final {
 public:
  /// The operations that tests can make fail. `settle` is the part of a write that settles one job.
  enum class Operation { claim, start, write, settle, breakers, accepted, count };

  /// Returns a function that opens a store on this database. The database must outlive the store.
  [[nodiscard]] StoreOpener opener();

  /// Makes the next `times` of these operations fail with `kind`.
  void fail_next(Operation operation, ErrorKind kind, int times = 1);

  /// Returns the job's context. By default it has a message, a customer and a configuration.
  [[nodiscard]] JobContext& context_of(const std::string& job_id);

  FakeQueue queue;
  /// Successful operations on jobs, in order. For example "start ws-job-0", "record ws-job-0",
  /// "settle completed ws-job-0". "keep" is a record of a reply that is not sent now.
  std::vector<std::string> history;
  std::map<std::string, Settlement> settlements;  ///< the last one of each job, by id
  std::vector<std::string> accepted;              ///< names of peers, in order
  int stores_opened = 0;
  std::atomic<bool> in_transaction{false};
  /// Called before each `Operation`, in any thread and without a lock.
  std::function<void(Operation)> before = [](Operation) {};
  /// May change the result of a record.
  std::function<void(Recorded&)> on_record = [](Recorded&) {};

 private:
  friend class FakeStore;

  struct Failure {
    ErrorKind kind = ErrorKind::internal;
    int times = 0;
  };

  [[nodiscard]] std::optional<Error> failure_of(Operation operation);

  std::mutex mutex_;  // guards the database while stores are in use
  std::map<Operation, Failure> failures_;
  std::map<std::string, JobContext> contexts_;
};

}  // namespace autoreply::test
