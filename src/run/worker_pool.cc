#include "run/worker_pool.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace autoreply {
namespace {

/// A job that is exhausted too is only written off, which kills nobody.
bool is_suspect(const ClaimedJob& job) {
  return job.broken_off && !job.exhausted;
}

}  // namespace

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
    suspects_unstarted_ +=
        static_cast<std::size_t>(std::count_if(jobs.begin(), jobs.end(), is_suspect));
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
  std::vector<ClaimedJob> jobs(std::make_move_iterator(unstarted_.begin()),
                               std::make_move_iterator(unstarted_.end()));
  unstarted_.clear();
  suspects_unstarted_ = 0;
  return jobs;
}

WorkerPool::Load WorkerPool::load() const {
  const std::scoped_lock lock(mutex_);
  return load_now();
}

WorkerPool::Load WorkerPool::load_now() const {
  const std::size_t next_suspect = suspect_running_ || suspects_unstarted_ == 0 ? 0 : 1;
  return {.unstarted = unstarted_.size(),
          .held_up = suspects_unstarted_ - next_suspect,
          .running = running_,
          .finished = finished_};
}

std::deque<ClaimedJob>::iterator WorkerPool::next() {
  return std::find_if(unstarted_.begin(), unstarted_.end(), [this](const ClaimedJob& job) {
    return !suspect_running_ || !is_suspect(job);
  });
}

void WorkerPool::work(const std::stop_token& end) {
  const Worker worker = make_worker_();
  std::unique_lock lock(mutex_);
  for (;;) {
    arrived_.wait(
        lock, end, [this] { return next() != unstarted_.end() && !stopping_.stop_requested(); });
    if (end.stop_requested()) return;
    const auto place = next();
    const ClaimedJob job = std::move(*place);
    unstarted_.erase(place);
    const bool suspect = is_suspect(job);
    if (suspect) {
      suspect_running_ = true;
      --suspects_unstarted_;
    }
    ++running_;
    lock.unlock();
    worker(job);
    lock.lock();
    --running_;
    ++finished_;
    if (suspect) {
      suspect_running_ = false;
      arrived_.notify_one();
    }
    changed_.notify_all();
  }
}

}  // namespace autoreply
