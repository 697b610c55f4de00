#include "net/api_keys.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "net/endpoint_policy.h"

namespace autoreply {
namespace {

namespace fs = std::filesystem;

template <class Value>
using Found = tl::expected<Value, KeyProblem>;

constexpr std::string_view kReferencePrefix = "AUTOREPLY_KEY_";
constexpr std::string_view kFileSuffix = "_FILE";
constexpr std::size_t kKeyBytesMax = 4'096;

/// These options match the prefix but are not references to keys.
constexpr std::array<std::string_view, 2> kOptions{"AUTOREPLY_KEY_DIR", "AUTOREPLY_KEY_HOST"};

tl::unexpected<KeyProblem> wrong_row(std::string reason) {
  return tl::unexpected(KeyProblem{KeyOwner::workspace, std::move(reason)});
}

bool is_name(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char character) {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') || character == '_';
  });
}

/// Accepts a key that fits into a header: printable ASCII without spaces inside.
Found<Secret> checked(std::string_view text, KeyOwner owner, const std::string& origin) {
  const std::string_view key = trimmed(text);
  const auto problem = [&](const char* what) {
    return tl::unexpected(KeyProblem{owner, origin + what});
  };
  if (key.empty()) return problem(" is empty: store the bare key");
  if (key.size() > kKeyBytesMax) return problem(" is too long for a key: store the bare key");
  const bool printable = std::all_of(key.begin(), key.end(), [](unsigned char character) {
    return character > ' ' && character < 0x7F;
  });
  if (!printable) return problem(" holds spaces or control characters: store the bare key");
  return Secret(std::string(key));
}

Found<Secret> read_key_file(const fs::path& path, KeyOwner owner, const std::string& origin) {
  const auto unreadable = [&] {
    return tl::unexpected(
        KeyProblem{owner, origin + " cannot be read: put the bare key into a readable file"});
  };
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return unreadable();
  std::ifstream file(path, std::ios::binary);
  std::string text(kKeyBytesMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad() || (file.fail() && !file.eof())) return unreadable();
  text.resize(static_cast<std::size_t>(file.gcount()));
  return checked(text, owner, origin);
}

tl::unexpected<KeyProblem> unread(KeyOwner owner) {
  return tl::unexpected(KeyProblem{owner, "the key's file is not read yet", true});
}

/// The key in the file that the operator's variable `variable` names.
Found<Secret> file_of_variable(const std::string& path,
                               KeyOwner owner,
                               const std::string& variable,
                               const KeyRequest& request) {
  if (request.files == KeyFiles::leave) {
    auto known = request.read_files != nullptr ? request.read_files->find(path) : std::nullopt;
    if (!known) return unread(owner);
    return *known;
  }
  auto key = read_key_file(path, owner, "the file of " + variable);
  if (key && request.read_files != nullptr) request.read_files->note(path, *key);
  return key;
}

/// Reads a variable, or else the file that NAME_FILE names; empty if neither is set.
Found<std::optional<Secret>> read_variable(const std::string& name,
                                           KeyOwner owner,
                                           const KeyRequest& request,
                                           const Environment& environment) {
  const auto some = [](Secret key) { return std::optional<Secret>(std::move(key)); };
  const auto value = environment(name);
  if (value && !trimmed(*value).empty()) {
    return checked(*value, owner, "the variable " + name).map(some);
  }
  const std::string file_variable = name + std::string(kFileSuffix);
  const auto path = environment(file_variable);
  if (!path || trimmed(*path).empty()) return std::nullopt;
  return file_of_variable(std::string(trimmed(*path)), owner, file_variable, request).map(some);
}

/// Whether `name` is a workspace's variable, alone or with a suffix. The suffix must not begin with
/// an underscore, or the variable would also belong to the workspace `a_`.
bool is_variable_of(std::string_view own, std::string_view name) {
  if (own.empty() || !name.starts_with(own)) return false;
  std::string_view suffix = name.substr(own.size());
  if (suffix.empty()) return true;
  if (!suffix.starts_with("__")) return false;
  suffix.remove_prefix(2);
  return !suffix.empty() && suffix.front() != '_';
}

/// Returns why a workspace may not use references at all; empty if it may.
std::string why_no_references(const KeyRequest& request, const KeyPolicy& policy) {
  if (policy.shared_keys) return {};
  if (key_variable_of(request.workspace_id).empty()) {
    return "the workspace's id allows no references to keys: store the key itself in api_key";
  }
  if (request.shares_key_name) {
    return "the ids of two workspaces give the same name of a key, so that neither may refer to "
           "one: store the key itself in api_key";
  }
  return {};
}

Found<Secret> from_variable(const std::string& name,
                            const KeyRequest& request,
                            const KeyPolicy& policy,
                            const Environment& environment) {
  const bool is_option = std::find(kOptions.begin(), kOptions.end(), name) != kOptions.end();
  const bool is_file = name.ends_with(kFileSuffix);
  const std::string own = key_variable_of(request.workspace_id);
  const bool allowed = policy.shared_keys ? name.size() > kReferencePrefix.size() &&
                                                name.starts_with(kReferencePrefix)
                                          : is_variable_of(own, name);
  if (!is_name(name) || !allowed || is_option || is_file) {
    const std::string legal =
        policy.shared_keys ? std::string(kReferencePrefix) + "…" : own + " and " + own + "__…";
    return wrong_row("api_key may refer only to variables named " + legal +
                     ", but no name of an option and none that ends in _FILE: name such a one");
  }
  auto key = read_variable(name, KeyOwner::workspace, request, environment);
  if (!key) return tl::unexpected(std::move(key.error()));
  if (!*key) {
    return wrong_row("api_key refers to a variable that is not set: set " + name + " or " + name +
                     std::string(kFileSuffix));
  }
  return std::move(**key);
}

bool is_below(const fs::path& path, const fs::path& directory) {
  const auto [in_directory, in_path] =
      std::mismatch(directory.begin(), directory.end(), path.begin(), path.end());
  return in_directory == directory.end() && in_path != path.end();
}

/// Returns the directory whose files a row may refer to, with symbolic links resolved; empty if
/// there is none.
fs::path row_directory(const std::string& key_dir,
                       const KeyRequest& request,
                       const KeyPolicy& policy) {
  std::error_code error;
  const fs::path root = fs::canonical(key_dir, error);
  if (error || policy.shared_keys) return error ? fs::path() : root;
  const fs::path own = fs::canonical(root / request.workspace_id, error);
  return error || !is_below(own, root) ? fs::path() : own;
}

Found<Secret> from_file(const fs::path& path, const KeyRequest& request, const KeyPolicy& policy) {
  if (request.files == KeyFiles::leave) return unread(KeyOwner::workspace);
  // Symbolic links are resolved on both sides: Kubernetes mounts secrets as links, which is fine if
  // they stay below the directory.
  std::error_code error;
  const bool plain = path.is_absolute() && std::find(path.begin(), path.end(), "..") == path.end();
  const fs::path file = plain ? fs::canonical(path, error) : fs::path();
  const bool allowed =
      !error && !file.empty() &&
      std::any_of(policy.key_dirs.begin(), policy.key_dirs.end(), [&](const auto& key_dir) {
        const fs::path directory = row_directory(key_dir, request, policy);
        return !directory.empty() && is_below(file, directory);
      });
  if (!allowed) {
    const std::string directory =
        policy.shared_keys ? "a --key-dir" : "KEY-DIR/" + request.workspace_id + "/";
    return wrong_row("api_key refers to no file below " + directory +
                     ": give the absolute path of one");
  }
  return read_key_file(file, KeyOwner::workspace, "the file that api_key refers to");
}

Found<FoundKey> operators_own(const KeyRequest& request, const Environment& environment) {
  if (!request.key_variable.empty()) {
    auto key = read_variable(request.key_variable, KeyOwner::the_operator, request, environment);
    if (!key) return tl::unexpected(std::move(key.error()));
    if (*key) return FoundKey{std::move(**key), KeyOwner::the_operator, request.key_variable};
  }
  if (!request.built_in_address || !request.key_required) {
    return FoundKey{
        .key = {},
        .owner = request.built_in_address ? KeyOwner::the_operator : KeyOwner::workspace};
  }
  return tl::unexpected(
      KeyProblem{KeyOwner::the_operator,
                 request.key_variable.empty()
                     ? "set the workspace's api_key"
                     : "set " + request.key_variable + " or the workspace's api_key"});
}

constexpr std::string_view kVariable = "env:";
constexpr std::string_view kFile = "file:";

bool has_scheme(std::string_view row_key, std::string_view scheme) {
  return lower_case(row_key.substr(0, scheme.size())) == scheme;
}

}  // namespace

std::optional<Secret> ReadKeyFiles::find(const std::string& path) const {
  const std::scoped_lock lock(mutex_);
  const auto found = keys_.find(path);
  if (found == keys_.end()) return std::nullopt;
  return found->second;
}

void ReadKeyFiles::note(const std::string& path, const Secret& key) {
  const std::scoped_lock lock(mutex_);
  keys_.insert_or_assign(path, key);
}

std::optional<std::string> process_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

bool is_key_reference(const std::string& row_key) {
  const std::string_view key = trimmed(row_key);
  return has_scheme(key, kVariable) || has_scheme(key, kFile);
}

std::string key_variable_of(const std::string& workspace_id) {
  std::string name = workspace_id;
  for (char& character : name) {
    if (character == '-') character = '_';
    if (character >= 'a' && character <= 'z') character = static_cast<char>(character - 'a' + 'A');
  }
  if (name.empty() || !is_name(name) || name.find("__") != std::string::npos) return {};
  return std::string(kReferencePrefix) + name;
}

tl::expected<FoundKey, KeyProblem> find_key(const KeyRequest& request,
                                            const KeyPolicy& policy,
                                            const Environment& environment) {
  const std::string row_key(trimmed(request.row_key));
  const bool trusted = request.built_in_address || names_host(policy.key_hosts, request.host);
  const auto found = [](KeyOwner owner, std::string source) {
    return [owner, source = std::move(source)](Secret key) {
      return FoundKey{std::move(key), owner, source};
    };
  };
  if (row_key.empty()) {
    return trusted ? operators_own(request, environment) : FoundKey{};
  }
  if (!is_key_reference(row_key)) {
    return checked(row_key, KeyOwner::workspace, "api_key")
        .map(found(KeyOwner::workspace, "api_key of the workspace"));
  }
  if (!trusted) {
    return wrong_row(
        "api_key is a reference, which is not sent to a base_url: store the key "
        "itself, or let the operator name the host with --key-host");
  }
  if (std::string why = why_no_references(request, policy); !why.empty()) return wrong_row(why);
  const bool variable = has_scheme(row_key, kVariable);
  const std::string target(
      trimmed(std::string_view(row_key).substr(variable ? kVariable.size() : kFile.size())));
  return (variable ? from_variable(target, request, policy, environment)
                   : from_file(target, request, policy))
      .map(found(policy.shared_keys ? KeyOwner::the_operator : KeyOwner::workspace,
                 (variable ? "the variable " : "the file ") + target));
}

}  // namespace autoreply
