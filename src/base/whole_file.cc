#include "base/whole_file.h"

#include <fstream>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

namespace autoreply {

std::string write_whole_file(const std::string& path,
                             std::string_view text,
                             std::optional<std::filesystem::perms> permissions) {
  const std::string fresh = fmt::format("{}.{}.tmp", path, getpid());
  std::ofstream file(fresh, std::ios::binary | std::ios::trunc);
  file << text << std::flush;
  std::error_code error;
  if (file && permissions) std::filesystem::permissions(fresh, *permissions, error);
  if (file && !error) std::filesystem::rename(fresh, path, error);
  if (file && !error) return {};
  std::error_code ignored;
  std::filesystem::remove(fresh, ignored);
  return error ? error.message() : "the file next to it cannot be written";
}

}  // namespace autoreply
