#include "base/output.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace autoreply {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kPrintPatience{3'000};

int open_file(const char* path, int flags) {
  return open(path, flags | O_CLOEXEC);  // NOLINT(cppcoreguidelines-pro-type-vararg)
}

bool is_open(int fd) {
  return fcntl(fd, F_GETFD) != -1;  // NOLINT(cppcoreguidelines-pro-type-vararg)
}

/// Opens a second, non-blocking description of the file behind `fd`. Returns -1 if that fails.
int opened_again(int fd) {
  std::array<char, 32> path{};
  const int length = std::snprintf(  // NOLINT(cppcoreguidelines-pro-type-vararg)
      path.data(),
      path.size(),
      "/proc/self/fd/%d",
      fd);
  if (length <= 0) return -1;
  return open_file(path.data(), O_WRONLY | O_NONBLOCK | O_NOCTTY);
}

bool becomes_writable(int fd, Clock::time_point deadline) {
  pollfd writable{.fd = fd, .events = POLLOUT, .revents = 0};
  int ready = 0;
  do {
    const auto left = std::max(deadline - Clock::now(), Clock::duration::zero());
    ready = poll(&writable, 1, static_cast<int>(std::chrono::ceil<milliseconds>(left).count()));
  } while (ready < 0 && errno == EINTR);
  return ready > 0;
}

}  // namespace

void open_standard_streams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    // open() takes the lowest free number, which is `fd` because all lower ones are open by now. No
    // close-on-exec: a child process would need these streams as well.
    if (!is_open(fd)) open("/dev/null", O_RDWR);  // NOLINT(cppcoreguidelines-pro-type-vararg)
  }
}

PatientWriter::PatientWriter(int fd) : fd_(fd) {
  struct stat about {};
  if (fstat(fd, &about) != 0) return;
  socket_ = S_ISSOCK(about.st_mode);
  if (!S_ISFIFO(about.st_mode) && isatty(fd) == 0) return;
  const int again = opened_again(fd);
  if (again < 0) return;
  fd_ = again;
  own_ = true;
}

PatientWriter::~PatientWriter() {
  if (own_) close(fd_);
}

long PatientWriter::write_some(std::string_view text) const noexcept {
  if (socket_) return send(fd_, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  // Once poll reports a pipe that could not be reopened, it takes this much without blocking.
  const std::size_t size = own_ ? text.size() : std::min<std::size_t>(text.size(), PIPE_BUF);
  return ::write(fd_, text.data(), size);
}

std::size_t PatientWriter::write(std::string_view text, milliseconds patience) const noexcept {
  const Clock::time_point deadline = Clock::now() + patience;
  const bool may_block = !own_ && !socket_;
  std::size_t written = 0;
  while (written < text.size()) {
    if (may_block && !becomes_writable(fd_, deadline)) break;
    const long count = write_some(text.substr(written));
    if (count >= 0) {
      written += static_cast<std::size_t>(count);
    } else if (errno == EAGAIN) {
      // Poll only after a failed write: a pipe without a free page still takes a short line.
      if (Clock::now() >= deadline || !becomes_writable(fd_, deadline)) break;
    } else if (errno != EINTR) {
      break;
    }
  }
  return written;
}

void print_out(std::string_view text) noexcept {
  if (PatientWriter(STDOUT_FILENO).write(text, kPrintPatience) == text.size()) return;
  print_error("autoreply: standard output could not be written\n");
}

void print_error(std::string_view text) noexcept {
  // There is nowhere left to report a failure.
  static_cast<void>(PatientWriter(STDERR_FILENO).write(text, kPrintPatience));
}

}  // namespace autoreply
