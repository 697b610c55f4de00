#include "base/line_writer.h"

#include <array>
#include <chrono>
#include <csignal>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace autoreply {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

/// A pipe of one page, with a line writer at its end.
class LineWriterTest : public testing::Test {
 protected:
  LineWriterTest() {
    EXPECT_EQ(0, pipe2(ends_.data(), O_CLOEXEC));
    EXPECT_EQ(kPage, fcntl(ends_[1], F_SETPIPE_SZ, kPage));
    EXPECT_EQ(0, fcntl(ends_[0], F_SETFL, O_NONBLOCK));
  }
  ~LineWriterTest() override {
    close(ends_[1]);
    close_reader();
  }
  void close_reader() {
    if (ends_[0] >= 0) close(ends_[0]);
    ends_[0] = -1;
  }

  /// Returns everything in the pipe.
  std::string read_all() const {
    std::string text;
    std::array<char, kPage> buffer{};
    for (;;) {
      const ssize_t count = read(ends_[0], buffer.data(), buffer.size());
      if (count <= 0) return text;
      text.append(buffer.data(), static_cast<std::size_t>(count));
    }
  }

  LineWriter writer() const {
    return {ends_[1], [](std::size_t dropped) { return fmt::format("{} dropped\n", dropped); }};
  }

  static constexpr int kPage = 4096;
  const std::string full_line_ = std::string(kPage - 1, 'x') + "\n";

 private:
  std::array<int, 2> ends_{-1, -1};
};

TEST_F(LineWriterTest, WritesWhatIsRead) {
  LineWriter lines = writer();
  lines.write("one\n");
  lines.write("two\n");
  lines.finish();
  EXPECT_EQ("one\ntwo\n", read_all());
}

TEST_F(LineWriterTest, DropsWhatIsNotReadAndSaysSoLater) {
  LineWriter lines = writer();
  lines.write(full_line_);
  for (int count = 0; count < 3; ++count) lines.write("dropped\n");
  EXPECT_EQ(full_line_, read_all());
  lines.write("read again\n");
  EXPECT_EQ("3 dropped\nread again\n", read_all());
}

TEST_F(LineWriterTest, SaysWhatWasDroppedAtTheEndToo) {
  LineWriter lines = writer();
  lines.write(full_line_);
  lines.write("dropped\n");
  EXPECT_EQ(full_line_, read_all());
  lines.finish();
  EXPECT_EQ("1 dropped\n", read_all());
}

TEST_F(LineWriterTest, WaitsOnceAndNotForEveryLine) {
  LineWriter lines = writer();
  lines.write(full_line_);
  const auto start = steady_clock::now();
  for (int count = 0; count < 1'000; ++count) lines.write("dropped\n");
  lines.finish();
  EXPECT_LT(steady_clock::now() - start, seconds{10}) << "one second, with room for a slow machine";
}

TEST_F(LineWriterTest, BeginsANewLineAfterOneThatWasCutShort) {
  LineWriter lines = writer();
  lines.write(std::string(2 * kPage, 'y') + "\n");
  EXPECT_EQ(std::string(kPage, 'y'), read_all());
  lines.write("whole\n");
  EXPECT_EQ("\n1 dropped\nwhole\n", read_all());
}

TEST_F(LineWriterTest, LivesOnWithoutAReader) {
  std::signal(SIGPIPE, SIG_IGN);
  LineWriter lines = writer();
  close_reader();
  lines.write("nobody\n");
  lines.finish();
}

}  // namespace
}  // namespace autoreply
