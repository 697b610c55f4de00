#include "run/worker_pool.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace autoreply {

WorkerPool::WorkerPool(std::size_t threads_max,
                       std::function<Worker()> make_worker,
                       std::stop_token stopping)
    : threads_max_(threads_max),
      make_worker_(std::move(make_worker)),
      stopping_(std::move(stopping)),
      queue_(threads_max),
      on_stopping_(stopping_, [this] {
        const std::scoped_lock lock(mutex_);
        changed_.notify_all();
      }) {
}

WorkerPool::~WorkerPool() {
  for (std::jthread& thread : threads_) thread.request_stop();
  threads_.clear();
  wait([](const PoolLoad& load) { return load.running == 0; });
}

void WorkerPool::add(std::vector<ClaimedJob> jobs) {
  const std::size_t threads_wanted = [&] {
    const std::scoped_lock lock(mutex_);
    for (ClaimedJob& job : jobs) queue_.add(std::move(job));
    return std::min(threads_max_, queue_.unstarted() + queue_.running());
  }();
  make_threads(threads_wanted);
  arrived_.notify_all();
}

void WorkerPool::make_threads(std::size_t wanted) {
  try {
    while (threads_.size() < wanted) {
      threads_.emplace_back([this](const std::stop_token& end) { work(end); });
    }
  } catch (const std::system_error&) {
    if (threads_.empty()) throw;
  }
}

PoolLoad WorkerPool::wait(std::chrono::milliseconds timeout,
                          const std::function<bool(const PoolLoad&)>& enough) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, timeout, [&] { return enough(load_now()); });
  return load_now();
}

PoolLoad WorkerPool::wait(const std::function<bool(const PoolLoad&)>& enough) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return enough(load_now()); });
  return load_now();
}

std::vector<ClaimedJob> WorkerPool::take_unstarted() {
  const std::scoped_lock lock(mutex_);
  return queue_.take_unstarted();
}

void WorkerPool::note_settled() {
  const std::scoped_lock lock(mutex_);
  ++settled_;
  if (may_begin()) arrived_.notify_one();
  changed_.notify_all();
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
  return queue_.may_begin() && begun_ - settled_ < 2 * threads_max_;
}

void WorkerPool::work(const std::stop_token& end) {
  const Worker worker = make_worker_();
  std::unique_lock lock(mutex_);
  for (;;) {
    arrived_.wait(lock, end, [this] { return may_begin() && !stopping_.stop_requested(); });
    if (end.stop_requested()) return;
    const JobQueue::Begun begun = queue_.begin();
    ++begun_;
    // A finished job can make room for several jobs, so each thread that takes a job wakes the next
    // thread.
    if (may_begin()) arrived_.notify_one();
    lock.unlock();
    const CallEnd call = worker(begun.job);
    lock.lock();
    queue_.finish(begun, call);
  }
}

}  // namespace autoreply
