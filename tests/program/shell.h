#pragma once

#include <string>

#include "support/process.h"

namespace autoreply::test {

/// Runs a shell script in which `"$@"` stands for the command.
[[nodiscard]] Command in_shell(const Command& command, const std::string& script);
/// The command with redirections that a shell makes, such as "2>&-" or ">/dev/full".
[[nodiscard]] Command redirected(const Command& command, const std::string& redirections);

/// A named pipe in its own directory. It is full from the start, and nothing reads from it.
class FullPipe final {
 public:
  FullPipe();
  ~FullPipe();
  FullPipe(const FullPipe&) = delete;
  FullPipe& operator=(const FullPipe&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string directory_;
  std::string path_;
  int fd_ = -1;
};

}  // namespace autoreply::test
