#include "store/outage_clock.h"

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

#include <sys/eventfd.h>
#include <unistd.h>

namespace autoreply {
namespace {

int make_event_file() {
  const int file = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (file < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  return file;
}

}  // namespace

OutageClock::OutageClock(std::chrono::milliseconds wait,
                         std::stop_token break_off,
                         Listener listener)
    : wait_(wait), listener_(std::move(listener)), break_off_file_(make_event_file()) {
  on_break_off_.emplace(std::move(break_off), [this] {
    {
      const std::scoped_lock lock(mutex_);
      broken_off_at_ = Clock::now();
    }
    changed_.notify_all();
    const std::uint64_t one = 1;
    // Cannot fail: the counter is far from full.
    [[maybe_unused]] const auto written = write(break_off_file_, &one, sizeof one);
  });
}

OutageClock::~OutageClock() {
  on_break_off_.reset();  // before the file that it writes to
  close(break_off_file_);
}

bool OutageClock::ever_connected() const {
  const std::scoped_lock lock(mutex_);
  return ever_connected_;
}

void OutageClock::note_connected() {
  const std::scoped_lock lock(mutex_);
  ever_connected_ = true;
}

void OutageClock::note_loss(const std::string& reason) {
  {
    const std::scoped_lock lock(mutex_);
    if (lost_at_) return;
    lost_at_ = Clock::now();
  }
  if (listener_) listener_(Change::began, reason);
}

void OutageClock::note_answer() {
  {
    const std::scoped_lock lock(mutex_);
    if (!lost_at_) return;
    lost_at_.reset();
  }
  if (listener_) listener_(Change::ended, "");
}

void OutageClock::give_up(const std::string& reason) {
  {
    const std::scoped_lock lock(mutex_);
    if (given_up_) return;
    given_up_ = reason;
  }
  changed_.notify_all();
  if (listener_) listener_(Change::in_vain, reason);
}

Result<void> OutageClock::check() {
  bool too_late = false;
  {
    const std::scoped_lock lock(mutex_);
    if (given_up_) return fail(ErrorKind::unavailable, *given_up_);
    too_late = Clock::now() >= last_moment_unlocked();
  }
  if (!too_late) return {};
  const std::string reason = "the database did not answer before the run had to end";
  give_up(reason);
  return fail(ErrorKind::unavailable, reason);
}

std::optional<OutageClock::Clock::time_point> OutageClock::deadline() const {
  const std::scoped_lock lock(mutex_);
  if (!lost_at_) return std::nullopt;
  return *lost_at_ + wait_;
}

bool OutageClock::pause(std::chrono::milliseconds length) {
  std::unique_lock lock(mutex_);
  const auto ended = [this] { return given_up_.has_value() || broken_off_at_.has_value(); };
  return !changed_.wait_for(lock, length, ended);
}

OutageClock::Clock::time_point OutageClock::last_moment() const {
  const std::scoped_lock lock(mutex_);
  return last_moment_unlocked();
}

OutageClock::Clock::time_point OutageClock::last_moment_unlocked() const {
  return broken_off_at_ ? *broken_off_at_ + kLastMoment : Clock::time_point::max();
}

}  // namespace autoreply
