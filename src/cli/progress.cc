#include "cli/progress.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/duration.h"
#include "base/masking.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kShowPause{200};
/// In a shorter time, a rate says nothing.
constexpr std::chrono::duration<double> kRateTime{1};
constexpr std::int64_t kBarWidth = 20;
constexpr std::size_t kUsualColumns = 80;

std::size_t terminal_columns() {
  winsize size{};
  const bool known =
      ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 &&  // NOLINT(cppcoreguidelines-pro-type-vararg)
      size.ws_col > 0;
  return known ? size.ws_col : kUsualColumns;
}

std::string bar(std::int64_t done, std::int64_t total) {
  const std::int64_t full = kBarWidth * std::min(done, total) / total;
  return fmt::format(" [{}{}]",
                     std::string(static_cast<std::size_t>(full), '#'),
                     std::string(static_cast<std::size_t>(kBarWidth - full), ' '));
}

}  // namespace

Progress::Progress(std::string what, std::int64_t total)
    : what_(std::move(what)), total_(total), visible_(is_visible()), terminal_(STDERR_FILENO) {
}

Progress::~Progress() {
  if (shown_at_ != Clock::time_point{}) print(std::string(kClearLine));
}

bool Progress::is_visible() {
  return isatty(STDERR_FILENO) == 1;
}

void Progress::show(std::int64_t done, std::int64_t total) {
  total_ = total;
  show(done);
}

void Progress::show(std::int64_t done) {
  const Clock::time_point now = Clock::now();
  if (!visible_ || now - shown_at_ < kShowPause) return;
  shown_at_ = now;
  if (!first_done_) {
    first_done_ = done;
    first_at_ = now;
  }
  const std::chrono::duration<double> elapsed = now - first_at_;
  std::optional<double> rate;
  if (elapsed >= kRateTime) rate = static_cast<double>(done - *first_done_) / elapsed.count();
  // A line that fills the last column makes some terminals begin another.
  print(std::string(kClearLine) + line(what_, done, total_, rate, terminal_columns() - 1));
}

void Progress::print(const std::string& text) const {
  static_cast<void>(terminal_.write(text, milliseconds{0}));
}

std::string Progress::line(const std::string& what,
                           std::int64_t done,
                           std::int64_t total,
                           std::optional<double> rate,
                           std::size_t columns) {
  std::string figures = fmt::format(" {}", done);
  if (total > 0) figures += fmt::format(" of {}", total);
  if (rate) figures += fmt::format(", {:.0f}/s", *rate);
  if (rate && *rate > 0 && done < total) {
    const std::chrono::seconds left{
        static_cast<std::int64_t>(static_cast<double>(total - done) / *rate)};
    figures += fmt::format(", {} left", format_duration(left));
  }
  if (total > 0) {
    std::string whole = what + bar(done, total) + figures;
    if (whole.size() <= columns) return whole;
  }
  return shortened(what + figures, columns);
}

}  // namespace autoreply
