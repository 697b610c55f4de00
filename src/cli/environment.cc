#include "cli/environment.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

#include "base/nearest.h"
#include "base/text.h"

namespace autoreply {
namespace {

constexpr std::string_view kPrefix = "AUTOREPLY_";
constexpr std::string_view kFileSuffix = "_FILE";
constexpr std::size_t kVariableBytesMax = 64;
constexpr std::size_t kFileBytesMax = 65'536;
constexpr std::array<std::string_view, 4> kOthers{
    "AUTOREPLY_KEY_", "AUTOREPLY_TEST_", "AUTOREPLY_SERVICE_", "AUTOREPLY_PORT"};

/// Returns a variable's value, trimmed; empty if it is not set.
std::string value_of(const std::string& variable) {
  const char* value = std::getenv(variable.c_str());
  return value == nullptr ? std::string() : std::string(trimmed(value));
}

/// Returns the non-empty lines, trimmed.
std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (const auto line = trimmed(text.substr(0, end)); !line.empty()) lines.emplace_back(line);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

Result<std::vector<std::string>> values_in_file(const std::string& variable,
                                                const std::string& path,
                                                bool list) {
  const std::string file_variable = variable + std::string(kFileSuffix);
  const auto wrong = [&file_variable](const std::string& what) {
    return fail(ErrorKind::misconfigured, fmt::format("{}: the file {}", file_variable, what));
  };
  const auto content = read_small_file(path, kFileBytesMax);
  if (!content) return wrong(content.error().message);
  auto lines = lines_of(*content);
  if (lines.empty()) return wrong("contains no value");
  if (!list && lines.size() > 1) {
    return wrong(fmt::format("must contain only the value of {}, on one line", variable));
  }
  return lines;
}

}  // namespace

std::string variable_of(std::string_view option) {
  std::string name(kPrefix);
  for (const char character : option) {
    name += character == '-'
                ? '_'
                : static_cast<char>(std::toupper(static_cast<unsigned char>(character)));
  }
  return name;
}

Result<std::string> read_small_file(const std::string& path, std::size_t bytes_max) {
  const auto unreadable = [](const std::string& reason) {
    return fail(ErrorKind::misconfigured, "cannot be read: " + reason);
  };
  std::error_code unknown;
  if (std::filesystem::is_directory(path, unknown)) return unreadable("it is a directory");
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return unreadable(std::generic_category().message(errno));
  std::string content(bytes_max + 1, '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  if (file.bad()) return unreadable("reading failed");
  content.resize(static_cast<std::size_t>(file.gcount()));
  if (content.size() > bytes_max) {
    return unreadable(fmt::format("it is larger than {} bytes", bytes_max));
  }
  return content;
}

Result<std::optional<VariableValues>> read_variable(std::string_view option, bool list) {
  const std::string variable = variable_of(option);
  const std::string file_variable = variable + std::string(kFileSuffix);
  const std::string value = value_of(variable);
  const std::string path = value_of(file_variable);
  if (!value.empty() && !path.empty()) {
    return fail(ErrorKind::misconfigured,
                fmt::format("{} and {} are both set: unset one of them", variable, file_variable));
  }
  if (!value.empty()) {
    return VariableValues{variable, list ? lines_of(value) : std::vector<std::string>{value}};
  }
  if (path.empty()) return std::nullopt;
  auto values = values_in_file(variable, path, list);
  if (!values) return fail(values.error());
  return VariableValues{file_variable, std::move(*values)};
}

std::vector<std::string> unknown_variables(const std::vector<std::string>& options) {
  // Compare without the common prefix, which would make any two names look alike.
  std::vector<std::string> known;
  for (const std::string& option : options) {
    known.push_back(variable_of(option).substr(kPrefix.size()));
    known.push_back(known.back() + std::string(kFileSuffix));
  }
  std::vector<std::string> lines;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    const std::string name(text.substr(0, text.find('=')));
    // An empty variable counts as not set.
    if (!name.starts_with(kPrefix) || value_of(name).empty() ||
        std::ranges::any_of(kOthers,
                            [&](std::string_view other) { return name.starts_with(other); })) {
      continue;
    }
    const std::string own = name.substr(kPrefix.size());
    if (std::ranges::find(known, own) != known.end()) continue;
    const auto meant = nearest(own, known);
    lines.push_back(fmt::format("{} is not an option{}",
                                utf8_prefix(one_line(to_valid_utf8(name)), kVariableBytesMax),
                                meant ? fmt::format(": did you mean {}{}?", kPrefix, *meant) : ""));
  }
  std::ranges::sort(lines);
  return lines;
}

}  // namespace autoreply
