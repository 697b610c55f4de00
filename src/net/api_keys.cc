#include "net/api_keys.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "base/text.h"
#include "net/endpoint_policy.h"

namespace autoreply {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kReferencePrefix = "AUTOREPLY_KEY_";
constexpr std::size_t kKeyBytesMax = 4'096;

/// Takes text for a key that fits into a header: printable ASCII without spaces inside.
Result<Secret> checked(std::string_view text, ErrorKind kind, const std::string& origin) {
  const std::string_view key = trimmed(text);
  if (key.empty()) return fail(kind, origin + " is empty");
  if (key.size() > kKeyBytesMax) return fail(kind, origin + " is too long for a key");
  const bool printable = std::all_of(key.begin(), key.end(), [](unsigned char character) {
    return character > ' ' && character < 0x7F;
  });
  if (!printable) {
    return fail(kind, origin + " holds spaces or control characters: store the bare key");
  }
  return Secret(std::string(key));
}

Result<Secret> read_key_file(const fs::path& path, const std::string& origin) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) {
    return fail(ErrorKind::misconfigured, origin + " is not a readable file");
  }
  std::ifstream file(path, std::ios::binary);
  std::string text(kKeyBytesMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || (file.fail() && !file.eof())) {
    return fail(ErrorKind::misconfigured, origin + " is not a readable file");
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  return checked(text, ErrorKind::misconfigured, origin);
}

bool is_below(const fs::path& path, const fs::path& directory) {
  const auto [in_directory, in_path] =
      std::mismatch(directory.begin(), directory.end(), path.begin(), path.end());
  return in_directory == directory.end() && in_path != path.end();
}

Result<Secret> from_variable(const std::string& name, const Environment& environment) {
  const bool well_formed = name.size() > kReferencePrefix.size() &&
                           name.starts_with(kReferencePrefix) &&
                           std::all_of(name.begin(), name.end(), [](unsigned char character) {
                             return std::isalnum(character) != 0 || character == '_';
                           });
  if (!well_formed) {
    return fail(ErrorKind::refused, "api_key may refer only to variables named AUTOREPLY_KEY_…");
  }
  const std::optional<std::string> value = environment(name);
  if (!value) return fail(ErrorKind::misconfigured, "set the variable " + name);
  return checked(*value, ErrorKind::misconfigured, "the variable " + name);
}

Result<Secret> from_file(const fs::path& path, const std::vector<std::string>& key_dirs) {
  // Both sides with symbolic links resolved: Kubernetes mounts secrets as links, which is fine as
  // long as they stay below.
  std::error_code error;
  const fs::path file = path.is_absolute() ? fs::canonical(path, error) : fs::path();
  const bool allowed = !error && !file.empty() &&
                       std::any_of(key_dirs.begin(), key_dirs.end(), [&](const auto& directory) {
                         std::error_code missing;
                         const fs::path root = fs::canonical(directory, missing);
                         return !missing && is_below(file, root);
                       });
  if (!allowed) {
    return fail(ErrorKind::refused,
                "api_key refers to no file below a --key-dir: give an absolute path below one");
  }
  return read_key_file(file, "the key file of the row");
}

Result<Secret> operators_own(const std::string& variable, const Environment& environment) {
  if (variable.empty()) return Secret();
  if (const auto value = environment(variable); value && !trimmed(*value).empty()) {
    return checked(*value, ErrorKind::misconfigured, variable);
  }
  const std::string file_variable = variable + "_FILE";
  if (const auto path = environment(file_variable); path && !path->empty()) {
    return read_key_file(*path, "the file of " + file_variable);
  }
  return Secret();
}

}  // namespace

std::optional<std::string> process_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

Result<Secret> find_key(const KeyRequest& request,
                        const KeyPolicy& policy,
                        const Environment& environment) {
  constexpr std::string_view kVariable = "env:";
  constexpr std::string_view kFile = "file:";
  const std::string row_key(trimmed(request.row_key));
  const bool is_reference = row_key.starts_with(kVariable) || row_key.starts_with(kFile);
  const bool trusted = request.built_in_address || names_host(policy.key_hosts, request.host);

  if (!row_key.empty() && !is_reference) return checked(row_key, ErrorKind::refused, "api_key");
  if (is_reference && !trusted) {
    return fail(ErrorKind::refused,
                "api_key is a reference, which is not sent to a base_url: store the key itself, "
                "or let the operator name the host with --key-host");
  }
  if (row_key.starts_with(kVariable)) {
    return from_variable(row_key.substr(kVariable.size()), environment);
  }
  if (is_reference) return from_file(row_key.substr(kFile.size()), policy.key_dirs);
  return trusted ? operators_own(request.key_variable, environment) : Result<Secret>(Secret());
}

}  // namespace autoreply
