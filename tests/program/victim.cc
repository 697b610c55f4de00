#include "program/victim.h"

#include <csignal>

#include <sys/wait.h>

namespace autoreply::test {
namespace {

constexpr std::chrono::seconds kPatience{30};

/// Waits until the child changes its state in the way of `what`, but leaves it to be reaped later.
void await(pid_t pid, int what) {
  siginfo_t ignored{};
  waitid(P_PID, static_cast<id_t>(pid), &ignored, what | WNOWAIT);
}

}  // namespace

void Victim::expect() {
  const std::lock_guard lock(mutex_);
  pid_ = 0;
  expected_ = true;
}

void Victim::born(pid_t pid) {
  const std::lock_guard lock(mutex_);
  pid_ = pid;
  expected_ = false;
  changed_.notify_all();
}

void Victim::buried() {
  const std::lock_guard lock(mutex_);
  pid_ = 0;
}

pid_t Victim::wait_for_birth() {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, kPatience, [this] { return !expected_; });
  return pid_;
}

void Victim::kill() {
  const pid_t pid = wait_for_birth();
  if (pid == 0) return;
  ::kill(pid, SIGKILL);
  await(pid, WEXITED);
}

void Victim::stop() {
  const pid_t pid = wait_for_birth();
  if (pid == 0) return;
  ::kill(pid, SIGSTOP);
  await(pid, WSTOPPED);
}

}  // namespace autoreply::test
