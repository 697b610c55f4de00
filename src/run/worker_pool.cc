#include "run/worker_pool.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace autoreply {

WorkerPool::WorkerPool(std::size_t threads_max,
                       std::function<Worker()> make_worker,
                       std::stop_token stopping)
    : threads_max_(threads_max),
      make_worker_(std::move(make_worker)),
      stopping_(std::move(stopping)),
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
    std::move(jobs.begin(), jobs.end(), std::back_inserter(unstarted_));
    return std::min(threads_max_, unstarted_.size() + running_);
  }();
  while (threads_.size() < threads_wanted) {
    threads_.emplace_back([this](const std::stop_token& end) { work(end); });
  }
  arrived_.notify_all();
}

WorkerPool::Load WorkerPool::wait(std::chrono::milliseconds timeout,
                                  const std::function<bool(const Load&)>& enough) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, timeout, [&] {
    return enough({unstarted_.size(), running_, finished_});
  });
  return {unstarted_.size(), running_, finished_};
}

WorkerPool::Load WorkerPool::wait(const std::function<bool(const Load&)>& enough) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return enough({unstarted_.size(), running_, finished_}); });
  return {unstarted_.size(), running_, finished_};
}

std::vector<ClaimedJob> WorkerPool::take_unstarted() {
  const std::scoped_lock lock(mutex_);
  std::vector<ClaimedJob> jobs(std::make_move_iterator(unstarted_.begin()),
                               std::make_move_iterator(unstarted_.end()));
  unstarted_.clear();
  return jobs;
}

WorkerPool::Load WorkerPool::load() const {
  const std::scoped_lock lock(mutex_);
  return {unstarted_.size(), running_, finished_};
}

void WorkerPool::work(const std::stop_token& end) {
  const Worker worker = make_worker_();
  std::unique_lock lock(mutex_);
  for (;;) {
    arrived_.wait(lock, end, [this] { return !unstarted_.empty() && !stopping_.stop_requested(); });
    if (end.stop_requested()) return;
    const ClaimedJob job = std::move(unstarted_.front());
    unstarted_.pop_front();
    ++running_;
    lock.unlock();
    worker(job);
    lock.lock();
    --running_;
    ++finished_;
    changed_.notify_all();
  }
}

}  // namespace autoreply
