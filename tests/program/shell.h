#pragma once

#include <string>

#include "support/process.h"

namespace autoreply::test {

/// The script of a shell in which `"$@"` stands for the command.
[[nodiscard]] Command in_shell(const Command& command, const std::string& script);
/// The command in place of a shell that redirected it: "2>&-", ">/dev/full".
[[nodiscard]] Command redirected(const Command& command, const std::string& redirections);

/// A named pipe that nobody empties, full from the start, in a directory of its own.
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
