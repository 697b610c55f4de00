#pragma once

#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/result.h"
#include "store/job_store.h"
#include "store/sql_transaction.h"

namespace autoreply {

/// Thrown through a claim when the host's tables turn out not to fit.
class HostMisfit final : public std::runtime_error {
 public:
  explicit HostMisfit(Error error) : std::runtime_error(error.message), error_(std::move(error)) {}

  [[nodiscard]] const Error& error() const { return error_; }

 private:
  Error error_;
};

/// The claims of one run on a queue that may hold rows which the database refuses to change: a
/// trigger of the host raises, or a value is out of range.
///
/// Claims are plain until one is refused. From then on every change of rows is tried in a part of
/// the transaction of its own, and halved if it is refused, until the culprits stand alone. They
/// stay as they are, and later claims leave them out. A refusal that undoes the whole transaction
/// (SQLite's RAISE(ROLLBACK)) is halved from one try to the next. One thread at a time.
class CarefulClaims final {
 public:
  /// One try of a claim in a transaction of its own.
  using Try = std::function<Result<void>()>;

  /// Claims by `try_once`, and returns what was left as it was. `check_host` is asked if the
  /// database refuses a claim as if tables, columns or rights were missing. Takes a bounded number
  /// of tries, each of a bounded number of statements.
  [[nodiscard]] Result<std::vector<RefusedJob>> claim(
      const Try& try_once, const std::function<Result<void>()>& check_host);

  [[nodiscard]] bool are_careful() const { return careful_; }
  /// The ids of jobs that are no candidates.
  [[nodiscard]] const std::vector<std::string>& left_out() const { return left_out_; }
  /// Tells how many jobs the try has taken.
  void note_taken(std::size_t jobs) { taken_ += jobs; }

  /// Does `work` on rows with these ids, with all at once while claims are plain.
  void change(SqlTransaction& transaction,
              std::span<const std::string> ids,
              const std::function<void(std::span<const std::string>)>& work);

 private:
  static constexpr std::size_t kPartMax = 1'000;

  void change_part(SqlTransaction& transaction,
                   std::span<const std::string> ids,
                   const std::function<void(std::span<const std::string>)>& work);

  /// Leaves the job out of this run's claims.
  void leave_out(RefusedJob job, std::vector<RefusedJob>& refused);

  bool careful_ = false;
  int statements_left_ = 0;  ///< of the try
  std::size_t taken_ = 0;    ///< by the try
  /// What is being changed. Still there after a try: the refusal has undone the whole transaction.
  std::vector<std::string> attempted_;
  std::size_t part_max_ = kPartMax;  ///< so many rows are changed at once
  std::vector<RefusedJob> refused_;  ///< by the try
  std::vector<std::string> left_out_;
  std::unordered_set<std::string> known_;  ///< the same ids
};

}  // namespace autoreply
