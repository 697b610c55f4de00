#include "run/worker_pool.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace autoreply {

using std::chrono::steady_clock;

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
}

void WorkerPool::add(std::vector<ClaimedJob> jobs) {
  const std::size_t threads_wanted = [&] {
    const std::scoped_lock lock(mutex_);
    for (ClaimedJob& job : jobs) queue_.add(std::move(job));
    return std::min(threads_max_, queue_.unstarted() + queue_.running());
  }();
  while (threads_.size() < threads_wanted) {
    threads_.emplace_back([this](const std::stop_token& end) { work(end); });
  }
  arrived_.notify_all();
}

WorkerPool::Load WorkerPool::wait(std::chrono::milliseconds timeout,
                                  const std::function<bool(const Load&)>& enough) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, timeout, [&] { return enough(load_now()); });
  return load_now();
}

WorkerPool::Load WorkerPool::wait(const std::function<bool(const Load&)>& enough) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return enough(load_now()); });
  return load_now();
}

std::vector<ClaimedJob> WorkerPool::take_unstarted() {
  const std::scoped_lock lock(mutex_);
  return queue_.take_unstarted();
}

WorkerPool::Load WorkerPool::load() const {
  const std::scoped_lock lock(mutex_);
  return load_now();
}

WorkerPool::Load WorkerPool::load_now() const {
  return {.unstarted = queue_.unstarted(),
          .held_up = queue_.held_up(steady_clock::now()),
          .running = queue_.running(),
          .finished = finished_};
}

void WorkerPool::work(const std::stop_token& end) {
  const Worker worker = make_worker_();
  std::unique_lock lock(mutex_);
  for (;;) {
    arrived_.wait(lock, end, [this] {
      return queue_.may_begin(steady_clock::now()) && !stopping_.stop_requested();
    });
    if (end.stop_requested()) return;
    const JobQueue::Begun begun = queue_.begin(steady_clock::now());
    lock.unlock();
    worker(begun.job);
    lock.lock();
    queue_.finish(begun, steady_clock::now());
    ++finished_;
    // Its end may let jobs begin that waited for it, more than this thread can take.
    if (queue_.may_begin(steady_clock::now())) arrived_.notify_one();
    changed_.notify_all();
  }
}

}  // namespace autoreply
