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

/// Reads an environment variable; empty if it is not set. Tests replace it.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// Reads the environment of this process.
[[nodiscard]] std::optional<std::string> process_environment(const std::string& name);

/// What the operator lets tenants' rows refer to. Hosts have no port.
struct KeyPolicy {
  std::vector<std::string> key_hosts;    ///< may receive the operator's own keys
  std::vector<std::string> key_dirs;     ///< contain the files that rows refer to
  std::vector<std::string> allow_hosts;  ///< base URLs of any kind may name them
  /// A row may refer to any AUTOREPLY_KEY_… variable and any file below a key directory.
  bool shared_keys = false;
};

/// Who can fix a problem with a key.
enum class KeyOwner {
  workspace,     ///< literal keys, its own references, its own address without a key
  the_operator,  ///< the operator's own keys, and all references under `shared_keys`
};

/// Why a request cannot be made without a usable key.
struct KeyProblem {
  /// `workspace`: its row is wrong or refers to nothing. `the_operator`: the operator's key for the
  /// provider is missing or cannot be read.
  KeyOwner owner = KeyOwner::workspace;
  std::string reason;      ///< one line that says what to do, without the row's text
  bool is_unread = false;  ///< the key is in a file, which was left unread as asked
};

/// Whether the files that hold keys may be read now.
enum class KeyFiles { read, leave };

/// The keys that the files of the operator's variables held when they were last read. If no file
/// may be read now, they are used. Thread-safe.
class ReadKeyFiles final {
 public:
  [[nodiscard]] std::optional<Secret> find(const std::string& path) const;
  void note(const std::string& path, const Secret& key);

 private:
  mutable std::mutex mutex_;  // guards keys_
  std::unordered_map<std::string, Secret> keys_;
};

/// Which key is needed, and where it would be sent.
struct KeyRequest {
  std::string workspace_id;
  std::string row_key;  ///< the row's `api_key`: a key, `env:NAME`, `file:PATH` or nothing
  bool shares_key_name =
      false;                 ///< another workspace has the same `key_variable_of`: no references
  std::string key_variable;  ///< the operator's own key for the provider, such as OPENAI_API_KEY
  std::string host;          ///< where the request goes
  bool built_in_address = false;  ///< `host` is the provider's own address, not a tenant's
  bool key_required = false;      ///< the provider's own address rejects requests without a key
  KeyFiles files = KeyFiles::read;
  ReadKeyFiles* read_files = nullptr;  ///< null: none is remembered
};

/// An empty key means no key: some servers need none.
struct FoundKey {
  Secret key;
  KeyOwner owner = KeyOwner::workspace;
  /// Where it was found, for people, such as "OPENAI_API_KEY"; never the key itself.
  std::string source = "none";
};

/// Finds the key to send. Rows are tenants' data: the operator's own keys, and the variables and
/// files that rows refer to, are sent only to a provider's built-in address or to a key host.
///
/// Without `shared_keys`, a workspace may refer only to its own keys: the variable
/// `key_variable_of(workspace_id)`, the same with two underscores and a suffix, or a file below
/// `KEY-DIR/<workspace id>/`, with symbolic links resolved. If a variable is not set, the file that
/// NAME_FILE names is read; this also holds for the operator's own keys. White space around a key
/// is dropped.
[[nodiscard]] tl::expected<FoundKey, KeyProblem> find_key(const KeyRequest& request,
                                                          const KeyPolicy& policy,
                                                          const Environment& environment);

/// Whether a row's `api_key` refers to a key stored elsewhere. The key then depends on the
/// workspace.
[[nodiscard]] bool is_key_reference(const std::string& row_key);

/// Returns the variable that a workspace's row may refer to: AUTOREPLY_KEY_ and the id in upper
/// case, with `_` for `-`. Empty if the workspace may not use references: its id is empty, contains
/// anything but ASCII letters, digits, `-` and `_`, or yields a name with `__`, which starts a
/// suffix.
[[nodiscard]] std::string key_variable_of(const std::string& workspace_id);

}  // namespace autoreply
