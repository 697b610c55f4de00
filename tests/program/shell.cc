#include "program/shell.h"

#include <array>
#include <filesystem>
#include <stdexcept>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/uuid.h"

namespace autoreply::test {

Command in_shell(const Command& command, const std::string& script) {
  Command result = command;
  result.program = "/bin/sh";
  result.arguments = {"-c", script, "sh", command.program};
  result.arguments.insert(
      result.arguments.end(), command.arguments.begin(), command.arguments.end());
  return result;
}

Command redirected(const Command& command, const std::string& redirections) {
  return in_shell(command, "exec \"$@\" " + redirections);
}

FullPipe::FullPipe()
    : directory_(
          (std::filesystem::temp_directory_path() / ("autoreply-" + random_uuid())).string()),
      path_(directory_ + "/pipe") {
  std::filesystem::create_directory(directory_);
  if (mkfifo(path_.c_str(), S_IRUSR | S_IWUSR) != 0) throw std::runtime_error("no pipe " + path_);
  // Opens both ends, so there is a reader that never reads.
  fd_ = open(path_.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  const std::array<char, 4096> nothing{};
  while (write(fd_, nothing.data(), nothing.size()) > 0) {
  }
}

FullPipe::~FullPipe() {
  close(fd_);
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

}  // namespace autoreply::test
