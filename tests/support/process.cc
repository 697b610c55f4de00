#include "support/process.h"

#include <array>
#include <csignal>
#include <cstdlib>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pwd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

// The header in glibc 2.36 does not declare its functions as C.
extern "C" {
#include <sys/pidfd.h>
}

namespace autoreply::test {
namespace {

constexpr int kCannotStart = 127;

/// Everything that the child needs, prepared before the fork. After it, a child of a multi-threaded
/// process may only make async-signal-safe calls.
struct Launch {
  explicit Launch(const Command& command) : program(command.program), directory(command.directory) {
    arguments.push_back(program);
    arguments.insert(arguments.end(), command.arguments.begin(), command.arguments.end());
    for (const char* name : {"PATH",
                             "TZ",
                             "TMPDIR",
                             "ASAN_OPTIONS",
                             "UBSAN_OPTIONS",
                             "TSAN_OPTIONS",
                             "LSAN_OPTIONS"}) {
      if (const char* value = std::getenv(name))
        environment.push_back(std::string(name) + "=" + value);
    }
    environment.insert(environment.end(), command.environment.begin(), command.environment.end());
    for (std::string& argument : arguments) argument_pointers.push_back(argument.data());
    for (std::string& variable : environment) environment_pointers.push_back(variable.data());
    argument_pointers.push_back(nullptr);
    environment_pointers.push_back(nullptr);
    if (command.user && geteuid() == 0) {
      if (const passwd* entry = getpwnam(command.user->c_str()))
        user = {{entry->pw_uid, entry->pw_gid}};
    }
  }

  [[noreturn]] void become(int out, int err, pid_t parent) const {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(kCannotStart);
    const int nothing = open("/dev/null", O_RDONLY);  // NOLINT(cppcoreguidelines-pro-type-vararg)
    dup2(nothing, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    const bool placed = directory.empty() || chdir(directory.c_str()) == 0;
    // Open the program before the change of user, who may not have access to the folders above it.
    const int image = user ? open(program.c_str(), O_PATH | O_CLOEXEC)  // NOLINT(*-vararg)
                           : -1;
    const bool owned = !user || (setgroups(0, nullptr) == 0 && setgid(user->second) == 0 &&
                                 setuid(user->first) == 0);
    // The change of user cleared the parent-death signal.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (placed && owned && image >= 0) {
      execveat(image, "", argument_pointers.data(), environment_pointers.data(), AT_EMPTY_PATH);
    } else if (placed && owned) {
      execvpe(program.c_str(), argument_pointers.data(), environment_pointers.data());
    }
    _exit(kCannotStart);
  }

  std::string program;
  std::string directory;
  std::vector<std::string> arguments;
  std::vector<std::string> environment;
  std::vector<char*> argument_pointers;
  std::vector<char*> environment_pointers;
  std::optional<std::pair<uid_t, gid_t>> user;
};

std::string content_of(int fd) {
  std::string text;
  std::array<char, 16'384> buffer{};
  for (;;) {
    const ssize_t count = pread(fd, buffer.data(), buffer.size(), static_cast<off_t>(text.size()));
    if (count <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

std::chrono::microseconds duration_of(const timeval& time) {
  return std::chrono::seconds{time.tv_sec} + std::chrono::microseconds{time.tv_usec};
}

}  // namespace

Process::Process(const Command& command)
    : out_(memfd_create("stdout", MFD_CLOEXEC)), err_(memfd_create("stderr", MFD_CLOEXEC)) {
  const Launch launch(command);
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ == 0) launch.become(out_, err_, parent);
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  pid_fd_ = pidfd_open(pid_, 0);
}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      pid_fd_(std::exchange(other.pid_fd_, -1)),
      started_(other.started_),
      out_(std::exchange(other.out_, -1)),
      err_(std::exchange(other.err_, -1)) {
}

Process::~Process() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  for (const int fd : {pid_fd_, out_, err_}) {
    if (fd >= 0) close(fd);
  }
}

void Process::send(int signal) const {
  if (pid_ > 0) kill(pid_, signal);
}

Exit Process::wait(std::chrono::milliseconds bound) {
  Exit result;
  if (pid_ <= 0) {
    ADD_FAILURE() << "the process was waited for before";
    return result;
  }
  pollfd ended{.fd = pid_fd_, .events = POLLIN, .revents = 0};
  const bool in_time = poll(&ended, 1, static_cast<int>(bound.count())) == 1;
  if (!in_time) kill(pid_, SIGKILL);
  int status = 0;
  rusage usage{};
  wait4(pid_, &status, 0, &usage);
  pid_ = -1;
  result.wall = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - started_);
  if (WIFEXITED(status)) result.status = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
  result.out = content_of(out_);
  result.err = content_of(err_);
  result.peak_rss_kib = usage.ru_maxrss;
  result.cpu = duration_of(usage.ru_utime) + duration_of(usage.ru_stime);
  if (!in_time) ADD_FAILURE() << "killed after " << bound.count() << " ms\n" << result.err;
  return result;
}

Exit Process::wait_sending(int signal, std::chrono::milliseconds pause) {
  const auto deadline = started_ + kBound;
  pollfd ended{.fd = pid_fd_, .events = POLLIN, .revents = 0};
  do {
    send(signal);
  } while (poll(&ended, 1, static_cast<int>(pause.count())) == 0 &&
           std::chrono::steady_clock::now() < deadline);
  return wait();
}

std::string Process::output() const {
  return content_of(out_);
}

Exit run_to_end(const Command& command) {
  return Process(command).wait();
}

}  // namespace autoreply::test
