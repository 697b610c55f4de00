#include "run/worker_pool.h"

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

namespace autoreply {
namespace {

/// In one step of a loop. Jobs that end at once would otherwise all end in one step.
constexpr int kBeginsMax = 16;

}  // namespace

WorkerPool::WorkerPool(PoolSize size,
                       WorkerMaker make_worker,
                       std::stop_token stopping,
                       LoopWatch& watch)
    : size_(size),
      make_worker_(std::move(make_worker)),
      stopping_(std::move(stopping)),
      watch_(watch),
      queue_(size.jobs),
      on_stopping_(stopping_, [this] {
        const std::scoped_lock lock(mutex_);
        note_change();
      }) {
}

WorkerPool::~WorkerPool() {
  wait([](const PoolLoad& load) { return load.running == 0 && load.in_workers == 0; });
  for (const auto& driver : drivers_) driver->loop.end();
  drivers_.clear();
}

void WorkerPool::add(std::vector<ClaimedJob> jobs) {
  const std::size_t drivers_wanted = [&] {
    const std::scoped_lock lock(mutex_);
    for (ClaimedJob& job : jobs) queue_.add(std::move(job));
    return std::min(size_.threads, queue_.unstarted() + queue_.running());
  }();
  make_drivers(drivers_wanted);
  const std::scoped_lock lock(mutex_);
  ask_to_begin();
}

void WorkerPool::make_drivers(std::size_t wanted) {
  try {
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

void WorkerPool::drive(Driver& driver) {
  driver.worker = make_worker_(driver.loop);
  watch_.add(driver.loop);
  driver.loop.run();
  watch_.remove(driver.loop);
  driver.worker = nullptr;  // in the thread that used it
}

PoolLoad WorkerPool::wait(std::chrono::milliseconds timeout,
                          const std::function<bool(const PoolLoad&)>& enough) {
  std::unique_lock lock(mutex_);
  awaited_ = &enough;
  changed_.wait_for(lock, timeout, [&] { return enough(load_now()); });
  awaited_ = nullptr;
  return load_now();
}

PoolLoad WorkerPool::wait(const std::function<bool(const PoolLoad&)>& enough) {
  std::unique_lock lock(mutex_);
  awaited_ = &enough;
  changed_.wait(lock, [&] { return enough(load_now()); });
  awaited_ = nullptr;
  return load_now();
}

std::vector<ClaimedJob> WorkerPool::take_unstarted() {
  const std::scoped_lock lock(mutex_);
  return queue_.take_unstarted();
}

void WorkerPool::note_settled() {
  const std::scoped_lock lock(mutex_);
  ++settled_;
  ask_to_begin();
  note_change();
}

PoolLoad WorkerPool::load() const {
  const std::scoped_lock lock(mutex_);
  return load_now();
}

PoolLoad WorkerPool::load_now() const {
  return {.unstarted = queue_.unstarted(),
          .held_up = queue_.held_up(),
          .running = begun_ - settled_,
          .finished = settled_,
          .in_workers = queue_.running()};
}

bool WorkerPool::may_begin() const {
  return queue_.may_begin() && begun_ - settled_ < 2 * size_.jobs && !stopping_.stop_requested();
}

void WorkerPool::note_change() {
  if (awaited_ != nullptr && (*awaited_)(load_now())) changed_.notify_all();
}

/// Asks the thread with the fewest jobs. It asks the next one if more jobs may begin.
void WorkerPool::ask_to_begin() {
  if (drivers_.empty() || !may_begin()) return;
  Driver& idlest = **std::ranges::min_element(drivers_, {}, [](const auto& driver) {
    return std::pair(driver->is_asked, driver->running);
  });
  if (std::exchange(idlest.is_asked, true)) return;
  idlest.loop.post([this, &idlest] { begin_jobs(idlest); });
}

void WorkerPool::begin_jobs(Driver& driver) {
  // An equal share for each thread.
  const std::size_t share = (size_.jobs + size_.threads - 1) / size_.threads;
  for (int count = 0; count < kBeginsMax; ++count) {
    std::optional<JobQueue::Begun> begun;
    {
      const std::scoped_lock lock(mutex_);
      driver.is_asked = false;
      if (!may_begin() || (driver.running >= share && drivers_.size() > 1)) return;
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

Detached WorkerPool::process(Driver& driver, JobQueue::Begun begun) {
  const CallEnd end = co_await driver.worker(begun.job);
  const std::scoped_lock lock(mutex_);
  queue_.finish(begun, end);
  --driver.running;
  ask_to_begin();
  note_change();
}

}  // namespace autoreply
