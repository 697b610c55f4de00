#include "cli/progress.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "base/duration.h"
#include "base/output.h"

namespace autoreply {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kShowPause{200};
constexpr std::int64_t kBarWidth = 20;

}  // namespace

Progress::Progress(std::string what, std::int64_t total)
    : what_(std::move(what)), total_(total), visible_(is_visible()) {
}

bool Progress::is_visible() {
  return isatty(STDERR_FILENO) == 1;
}

Progress::~Progress() {
  if (shown_at_ != Clock::time_point{}) print_error(kClearLine);
}

void Progress::show(std::int64_t done) {
  const Clock::time_point now = Clock::now();
  if (!visible_ || now - shown_at_ < kShowPause) return;
  shown_at_ = now;
  print_error(std::string(kClearLine) +
              line(what_, done, total_, duration_cast<milliseconds>(now - started_)));
}

std::string Progress::line(const std::string& what,
                           std::int64_t done,
                           std::int64_t total,
                           milliseconds elapsed) {
  const double rate =
      static_cast<double>(done) / std::max(0.001, std::chrono::duration<double>(elapsed).count());
  if (total <= 0) return fmt::format("{} {}, {:.0f}/s", what, done, rate);
  const std::int64_t full = kBarWidth * std::min(done, total) / total;
  std::string text = fmt::format("{} [{}{}] {} of {}, {:.0f}/s",
                                 what,
                                 std::string(static_cast<std::size_t>(full), '#'),
                                 std::string(static_cast<std::size_t>(kBarWidth - full), ' '),
                                 done,
                                 total,
                                 rate);
  if (done > 0 && done < total) {
    const seconds left{static_cast<std::int64_t>(static_cast<double>(total - done) / rate)};
    text += fmt::format(", {} left", format_duration(left));
  }
  return text;
}

}  // namespace autoreply
