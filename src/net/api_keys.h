#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <tl/expected.hpp>

#include "base/secret.h"

namespace autoreply {

/// Reads an environment variable; empty if it is not set. Replaced in tests.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// The environment of this process.
[[nodiscard]] std::optional<std::string> process_environment(const std::string& name);

/// What the operator allows tenants' rows to lead to. Hosts without port.
struct KeyPolicy {
  std::vector<std::string> key_hosts;    ///< may be sent the operator's own keys
  std::vector<std::string> key_dirs;     ///< hold the files that rows refer to
  std::vector<std::string> allow_hosts;  ///< base URLs of any kind may name them
  /// A row may refer to any AUTOREPLY_KEY_… variable and any file below a key dir.
  bool shared_keys = false;
};

/// Who can mend what is wrong with a key.
enum class KeyOwner {
  workspace,     ///< literal keys, references of its own, its own address without a key
  the_operator,  ///< the operator's own keys, and all references under `shared_keys`
};

/// Why a request cannot be made for want of a key.
struct KeyProblem {
  /// `workspace`: its row is wrong, or refers to nothing. `the_operator`: the operator has no key
  /// for the provider, or one that cannot be read.
  KeyOwner owner = KeyOwner::workspace;
  std::string reason;      ///< one line that says what to do, without the row's text
  bool is_unread = false;  ///< the key is in a file, which was left unread as asked
};

/// Whether the files that hold keys may be read now.
enum class KeyFiles { read, leave };

/// The files that were read before: if no file may be read now, what they held stands in.
/// Thread-safe.
class ReadKeyFiles final {
 public:
  using Content = tl::expected<Secret, KeyProblem>;

  [[nodiscard]] std::optional<Content> find(const std::string& path) const;
  void note(const std::string& path, const Content& content);

 private:
  mutable std::mutex mutex_;  // guards contents_
  std::unordered_map<std::string, Content> contents_;
};

/// Whose key is wanted, and where it would go.
struct KeyRequest {
  std::string workspace_id;
  std::string row_key;  ///< the row's `api_key`: a key, `env:NAME`, `file:PATH` or nothing
  bool shares_key_name =
      false;                 ///< another workspace has the same `key_variable_of`: no references
  std::string key_variable;  ///< the operator's own key for the provider, such as OPENAI_API_KEY
  std::string host;          ///< where the request goes
  bool built_in_address = false;  ///< that is the provider's own address, not a tenant's
  bool key_required = false;      ///< the provider's own address answers no one without a key
  KeyFiles files = KeyFiles::read;
  ReadKeyFiles* read_files = nullptr;  ///< null: none is remembered
};

/// An empty key is none: servers without keys are legal.
struct FoundKey {
  Secret key;
  KeyOwner owner = KeyOwner::workspace;
};

/// Finds the key to send. Rows are tenants' data: the operator's own keys, and the variables and
/// files that rows refer to, go only to a provider's built-in address or to a key host.
///
/// Without `shared_keys`, a reference serves its own workspace alone: the variable
/// `key_variable_of(workspace_id)`, the same with two underscores and a suffix, or a file below
/// `KEY-DIR/<workspace id>/`, symbolic links resolved. If a variable is not set, the file that
/// NAME_FILE names is read; this holds for the operator's own keys as well. White space around a
/// key is dropped.
[[nodiscard]] tl::expected<FoundKey, KeyProblem> find_key(const KeyRequest& request,
                                                          const KeyPolicy& policy,
                                                          const Environment& environment);

/// Whether a row's `api_key` refers to a key that stands elsewhere: then, what it leads to depends
/// on the workspace.
[[nodiscard]] bool is_key_reference(const std::string& row_key);

/// The variable that a workspace's row may refer to: AUTOREPLY_KEY_ and the id in upper case, with
/// `_` for `-`. Empty if the id has no references: it is empty, holds other characters than ASCII
/// letters, digits, `-` and `_`, or gives a name with `__`, which begins a suffix.
[[nodiscard]] std::string key_variable_of(const std::string& workspace_id);

}  // namespace autoreply
