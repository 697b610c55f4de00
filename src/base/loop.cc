#include "base/loop.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <system_error>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/invariant.h"

namespace autoreply {
namespace {

/// More would only delay the steps that other threads post meanwhile.
constexpr int kEventsMax = 64;

Loop*& running_loop() {
  // A thread runs one loop at a time.
  // NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
  thread_local Loop* loop = nullptr;
  return loop;
}

std::uint32_t events_of(Readiness wanted) {
  return (wanted.read ? static_cast<std::uint32_t>(EPOLLIN) : 0U) |
         (wanted.write ? static_cast<std::uint32_t>(EPOLLOUT) : 0U);
}

Readiness readiness_of(std::uint32_t events) {
  return {.read = (events & EPOLLIN) != 0,
          .write = (events & EPOLLOUT) != 0,
          .error = (events & (EPOLLERR | EPOLLHUP)) != 0};
}

/// Returns 0 or an errno.
int control(int epoll, int operation, int descriptor, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = descriptor;
  return epoll_ctl(epoll, operation, descriptor, &event) == 0 ? 0 : errno;
}

}  // namespace

Loop::Loop() : epoll_(epoll_create1(EPOLL_CLOEXEC)), wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  int error = epoll_ < 0 || wake_ < 0 ? errno : 0;
  // Told of changes only, it need not be read.
  if (error == 0) error = control(epoll_, EPOLL_CTL_ADD, wake_, EPOLLIN | EPOLLET);
  if (error == 0) return;
  if (epoll_ >= 0) close(epoll_);
  if (wake_ >= 0) close(wake_);
  throw std::system_error(error, std::generic_category(), "no descriptors for a loop");
}

Loop::~Loop() {
  close(wake_);
  close(epoll_);
}

Loop& Loop::current() {
  require_or_end(running_loop() != nullptr, "a coroutine waits outside of a loop");
  return *running_loop();
}

void Loop::post(Step step) {
  const std::scoped_lock lock(mutex_);
  posted_.push_back(std::move(step));
  if (!std::exchange(sleeps_, false)) return;
  const std::uint64_t one = 1;
  // Fails only if the counter is full, and then the loop is awake.
  static_cast<void>(!write(wake_, &one, sizeof one));
}

void Loop::end() {
  post([this] { ended_ = true; });
}

void Loop::run() {
  Loop* const outer = std::exchange(running_loop(), this);
  require_or_end(outer == nullptr, "a loop runs inside another one");
  for (do_posted(); !ended_; do_posted()) wait_and_tell();
  ended_ = false;
  running_loop() = nullptr;
}

void Loop::do_posted() {
  looked_at_ = ThreadClock::now();
  {
    const std::scoped_lock lock(mutex_);
    doing_.swap(posted_);
  }
  for (const Step& step : doing_) do_step(step);
  doing_.clear();
}

void Loop::wait_and_tell() {
  int milliseconds = 0;
  {
    const std::scoped_lock lock(mutex_);
    if (posted_.empty()) {
      sleeps_ = true;
      milliseconds = milliseconds_to_sleep();
    }
  }
  std::array<epoll_event, kEventsMax> events;
  const int count = epoll_wait(epoll_, events.data(), kEventsMax, milliseconds);
  require_or_end(count >= 0 || errno == EINTR, "a loop cannot wait");
  {
    const std::scoped_lock lock(mutex_);
    sleeps_ = false;
  }
  for (int at = 0; at < count; ++at) {
    const epoll_event& event = events.at(static_cast<std::size_t>(at));
    // The loop may have let go of the descriptor since.
    const auto watched = watched_.find(event.data.fd);
    if (watched == watched_.end()) continue;
    do_step([&] { watched->second->on_ready(event.data.fd, readiness_of(event.events)); });
  }
  tell_times();
}

void Loop::tell_times() {
  for (const auto now = Clock::now();;) {
    const auto due =
        std::ranges::find_if(times_, [&](const auto& one) { return one.second <= now; });
    if (due == times_.end()) return;
    LoopListener* const listener = due->first;
    times_.erase(due);
    do_step([&] { listener->on_time(); });
  }
}

/// -1: until something happens.
int Loop::milliseconds_to_sleep() const {
  if (times_.empty()) return -1;
  const auto next =
      std::ranges::min_element(times_, {}, [](const auto& one) { return one.second; });
  const auto rest = std::chrono::ceil<std::chrono::milliseconds>(next->second - Clock::now());
  return static_cast<int>(
      std::clamp<std::chrono::milliseconds::rep>(rest.count(), 0, std::numeric_limits<int>::max()));
}

template <class Work>
void Loop::do_step(const Work& work) {
  under_way_ = ++steps_;
  const auto began = Clock::now();
  work();
  const auto took = Clock::now() - began;
  if (took > longest_.load()) note_if_longest(took);
  under_way_ = 0;
}

void Loop::note_if_longest(Clock::duration took) {
  const auto now = ThreadClock::now();
  longest_ = std::max(longest_.load(), std::min(took, now - std::exchange(looked_at_, now)));
}

bool Loop::watch(int descriptor, Readiness wanted, LoopListener& listener) {
  const bool is_new = watched_.insert_or_assign(descriptor, &listener).second;
  const int operation = is_new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  int error = control(epoll_, operation, descriptor, events_of(wanted));
  // The descriptor was closed and opened again meanwhile.
  if (error == ENOENT) error = control(epoll_, EPOLL_CTL_ADD, descriptor, events_of(wanted));
  if (error == 0) return true;
  watched_.erase(descriptor);
  return false;
}

void Loop::let_go(int descriptor) {
  if (watched_.erase(descriptor) > 0) control(epoll_, EPOLL_CTL_DEL, descriptor, 0);
}

void Loop::set_time(LoopListener& listener, std::optional<Clock::time_point> at) {
  if (at) {
    times_.insert_or_assign(&listener, *at);
  } else {
    times_.erase(&listener);
  }
}

void Loop::forget(const LoopListener& listener) {
  std::erase_if(times_, [&](const auto& one) { return one.first == &listener; });
  std::vector<int> descriptors;
  for (const auto& [descriptor, of] : watched_) {
    if (of == &listener) descriptors.push_back(descriptor);
  }
  for (const int descriptor : descriptors) let_go(descriptor);
}

}  // namespace autoreply
