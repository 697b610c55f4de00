#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "base/result.h"

namespace autoreply {

/// What all sessions of a run share about a database that went away: since when it is gone, whether
/// waiting for it was in vain, and until when the run may still talk to it.
///
/// The wait counts from the first loss that any session saw, so sessions do not wait one after the
/// other. An answer to any of them ends the outage. A request of `break_off` ends all waiting at
/// once and leaves `kLastMoment` to what is under way. Thread-safe.
class OutageClock final {
 public:
  using Clock = std::chrono::steady_clock;

  enum class Change {
    began,    ///< the first session lost its connection
    ended,    ///< a session got an answer again
    in_vain,  ///< the database was given up; nothing more will be tried
  };
  /// Called by the session that noticed the change, with no lock held.
  using Listener = std::function<void(Change, const std::string& reason)>;

  /// How long operations under way may take once the run is broken off.
  static constexpr std::chrono::milliseconds kLastMoment{3'000};

  explicit OutageClock(std::chrono::milliseconds wait,
                       std::stop_token break_off = {},
                       Listener listener = {});
  ~OutageClock();
  OutageClock(const OutageClock&) = delete;
  OutageClock& operator=(const OutageClock&) = delete;

  [[nodiscard]] std::chrono::milliseconds wait() const { return wait_; }

  /// Whether any session of this run ever had a connection. The first connect waits less.
  [[nodiscard]] bool ever_connected() const;
  void note_connected();

  /// Call this after a connection was lost or a try to connect failed.
  void note_loss(const std::string& reason);
  /// Call this after the database answered, even with an error of the statement.
  void note_answer();
  /// Call this if waiting was in vain: from now on `check` fails for every session.
  void give_up(const std::string& reason);

  /// Fails with `unavailable` and the reason if nothing more may be tried.
  [[nodiscard]] Result<void> check();

  /// When the current outage must be over; empty if there is none.
  [[nodiscard]] std::optional<Clock::time_point> deadline() const;

  /// Waits before the next try. Returns false at once if the run is broken off or the database was
  /// given up.
  [[nodiscard]] bool pause(std::chrono::milliseconds length);

  /// When every round trip must have ended; `time_point::max()` until the run is broken off.
  [[nodiscard]] Clock::time_point last_moment() const;
  /// A file descriptor that becomes readable when the run is broken off, and stays readable.
  [[nodiscard]] int break_off_file() const { return break_off_file_; }

 private:
  [[nodiscard]] Clock::time_point last_moment_unlocked() const;

  const std::chrono::milliseconds wait_;
  const Listener listener_;
  const int break_off_file_;

  mutable std::mutex mutex_;  // guards all of the below
  std::condition_variable changed_;
  bool ever_connected_ = false;
  std::optional<Clock::time_point> lost_at_;
  std::optional<std::string> given_up_;
  std::optional<Clock::time_point> broken_off_at_;

  std::optional<std::stop_callback<std::function<void()>>> on_break_off_;  // uses all of the above
};

}  // namespace autoreply
