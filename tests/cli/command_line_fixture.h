#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/uuid.h"
#include "cli/command_line.h"

namespace autoreply::test {

/// Sets an environment variable during the object's lifetime.
class ScopedVariable final {
 public:
  ScopedVariable(const char* name, const char* value) : name_(name) { setenv(name, value, 1); }
  ~ScopedVariable() { unsetenv(name_); }
  ScopedVariable(const ScopedVariable&) = delete;
  ScopedVariable& operator=(const ScopedVariable&) = delete;

 private:
  const char* name_;
};

/// A file with this text during the object's lifetime.
class ScopedFile final {
 public:
  explicit ScopedFile(const std::string& text)
      : path_(std::filesystem::temp_directory_path() /
              ("autoreply-options-" + random_uuid() + ".toml")) {
    std::ofstream(path_) << text;
  }
  ~ScopedFile() { std::filesystem::remove(path_); }
  ScopedFile(const ScopedFile&) = delete;
  ScopedFile& operator=(const ScopedFile&) = delete;

  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

/// Returns the complaint about wrong usage; empty if there is none.
inline std::string complaint(const std::vector<std::string>& arguments) {
  const CommandLine line = parse_command_line(arguments);
  EXPECT_TRUE(line.command != CommandLine::Command::refuse || line.status == ExitStatus::usage)
      << line.error;
  return line.error;
}

}  // namespace autoreply::test
