#include "run/job_pool.h"

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

namespace autoreply {
namespace {

/// In one step of a loop. Jobs that end at once would otherwise all end in one step.
constexpr int kBeginsMax = 16;

}  // namespace

JobPool::JobPool(PoolSize size,
                 AttemptMaker make_attempt,
                 std::stop_token stopping,
                 LoopWatch& watch)
    : size_(size),
      make_attempt_(std::move(make_attempt)),
      stopping_(std::move(stopping)),
      watch_(watch),
      queue_(size.jobs),
      on_stopping_(stopping_, [this] {
        const std::scoped_lock lock(mutex_);
        note_change();
      }) {
}

JobPool::~JobPool() {
  {
    const std::scoped_lock lock(mutex_);
    closes_ = true;
  }
  wait([](const PoolLoad& load) { return load.running == 0 && load.in_hand == 0; });
  for (const auto& driver : drivers_) driver->loop.end();
  drivers_.clear();
}

void JobPool::add(std::vector<ClaimedJob> jobs) {
  const std::size_t drivers_wanted = [&] {
    const std::scoped_lock lock(mutex_);
    for (ClaimedJob& job : jobs) queue_.add(std::move(job));
    return std::min(size_.threads, queue_.unstarted() + queue_.running());
  }();
  make_drivers(drivers_wanted);
  const std::scoped_lock lock(mutex_);
  ask_to_begin();
}

void JobPool::make_drivers(std::size_t wanted) {
  try {
    {
      const std::scoped_lock lock(mutex_);
      drivers_.reserve(wanted);
    }
    while (drivers_.size() < wanted) {
      auto driver = std::make_unique<Driver>();
      driver->thread = std::jthread([this, &made = *driver] { drive(made); });
      const std::scoped_lock lock(mutex_);
      drivers_.push_back(std::move(driver));
    }
  } catch (const std::system_error&) {
    if (drivers_.empty()) throw;
  }
}

void JobPool::drive(Driver& driver) {
  driver.attempt = make_attempt_(driver.loop);
  watch_.add(driver.loop);
  driver.loop.run();
  watch_.remove(driver.loop);
  driver.attempt = nullptr;  // in the thread that used it
}

PoolLoad JobPool::wait(std::chrono::milliseconds timeout,
                       const std::function<bool(const PoolLoad&)>& enough) {
  std::unique_lock lock(mutex_);
  awaited_ = &enough;
  changed_.wait_for(lock, timeout, [&] { return enough(load_now()); });
  awaited_ = nullptr;
  return load_now();
}

PoolLoad JobPool::wait(const std::function<bool(const PoolLoad&)>& enough) {
  std::unique_lock lock(mutex_);
  awaited_ = &enough;
  changed_.wait(lock, [&] { return enough(load_now()); });
  awaited_ = nullptr;
  return load_now();
}

std::vector<ClaimedJob> JobPool::take_unstarted() {
  const std::scoped_lock lock(mutex_);
  return queue_.take_unstarted();
}

void JobPool::note_settled() {
  const std::scoped_lock lock(mutex_);
  ++settled_;
  ask_to_begin();
  note_change();
}

PoolLoad JobPool::load() const {
  const std::scoped_lock lock(mutex_);
  return load_now();
}

PoolLoad JobPool::load_now() const {
  return {.unstarted = queue_.unstarted(),
          .held_up = queue_.held_up(),
          .running = begun_ - settled_,
          .finished = settled_,
          .in_hand = queue_.running()};
}

bool JobPool::may_begin() const {
  return queue_.may_begin() && begun_ - settled_ < 2 * size_.jobs && !closes_ &&
         !stopping_.stop_requested();
}

void JobPool::note_change() {
  if (awaited_ != nullptr && (*awaited_)(load_now())) changed_.notify_all();
}

/// Asks the thread with the fewest jobs. It asks the next one if more jobs may begin.
void JobPool::ask_to_begin() {
  if (drivers_.empty() || !may_begin()) return;
  Driver& idlest = **std::ranges::min_element(drivers_, {}, [](const auto& driver) {
    return std::pair(driver->is_asked, driver->running);
  });
  if (std::exchange(idlest.is_asked, true)) return;
  idlest.loop.post([this, &idlest] { begin_jobs(idlest); });
}

void JobPool::begin_jobs(Driver& driver) {
  for (int count = 0; count < kBeginsMax; ++count) {
    std::optional<JobQueue::Begun> begun;
    {
      const std::scoped_lock lock(mutex_);
      driver.is_asked = false;
      if (!may_begin() || driver.running >= size_.share_of(drivers_.size())) return;
      begun = queue_.begin();
      ++begun_;
      ++driver.running;
      driver.is_asked = true;  // so it asks others now
      ask_to_begin();
    }
    process(driver, std::move(*begun));
  }
  driver.loop.post([this, &driver] { begin_jobs(driver); });
}

Detached JobPool::process(Driver& driver, JobQueue::Begun begun) {
  const CallEnd end = co_await driver.attempt(begun.job);
  const std::scoped_lock lock(mutex_);
  queue_.finish(begun, end);
  --driver.running;
  ask_to_begin();
  note_change();
}

}  // namespace autoreply
