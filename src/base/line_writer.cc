#include "base/line_writer.h"

#include <algorithm>
#include <utility>

namespace autoreply {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPatienceMax{1'000};
/// Waiting may take one tenth of the time.
constexpr int kShareOfTime = 10;

}  // namespace

LineWriter::LineWriter(int fd, Notice notice)
    : out_(fd), notice_(std::move(notice)), patience_(kPatienceMax) {
}

void LineWriter::write(std::string_view line) {
  if (write_notice() && write_line(line)) return;
  ++dropped_;
}

void LineWriter::finish() {
  stalled_ = false;
  static_cast<void>(write_notice());
}

bool LineWriter::write_notice() {
  if (dropped_ == 0) return true;
  if (!write_line(notice_(dropped_))) return false;
  dropped_ = 0;
  return true;
}

bool LineWriter::write_line(std::string_view line) {
  if (torn_ && write_in_time("\n") == 0) return false;
  torn_ = false;
  const std::size_t written = write_in_time(line);
  torn_ = written > 0 && written < line.size();
  return written == line.size();
}

std::size_t LineWriter::write_in_time(std::string_view text) {
  const Clock::time_point start = Clock::now();
  const auto regained = std::chrono::duration_cast<milliseconds>(start - last_) / kShareOfTime;
  patience_ = std::min(kPatienceMax, patience_ + regained);
  const std::size_t written = out_.write(text, stalled_ ? milliseconds{0} : patience_);
  last_ = Clock::now();
  const auto waited = std::chrono::duration_cast<milliseconds>(last_ - start);
  patience_ = std::max(milliseconds{0}, patience_ - waited);
  stalled_ = written < text.size();
  return written;
}

}  // namespace autoreply
