#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/secret.h"

namespace autoreply {

/// Reads an environment variable; empty where it is not set. Replaced in tests.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// The environment of this process.
[[nodiscard]] std::optional<std::string> process_environment(const std::string& name);

/// What the operator allows tenants' rows to lead to. Hosts without port.
struct KeyPolicy {
  std::vector<std::string> key_hosts;    ///< may be sent the operator's own keys
  std::vector<std::string> key_dirs;     ///< rows may refer to files below them
  std::vector<std::string> allow_hosts;  ///< base URLs of any kind may name them
};

/// Whose key is wanted, and where it would go.
struct KeyRequest {
  std::string row_key;       ///< the row's `api_key`: a key, `env:NAME`, `file:PATH` or nothing
  std::string key_variable;  ///< the operator's own key for the provider, such as OPENAI_API_KEY
  std::string host;          ///< where the request goes
  bool built_in_address = false;  ///< that is the provider's own address, not a tenant's
};

/// Finds the key to send. Rows are tenants' data: the operator's own keys, and the variables and
/// files that rows refer to, go only to a provider's built-in address or to a key host. Elsewhere a
/// reference is `refused`, and the operator's key is just not sent, as servers without keys are
/// legal: then, and where there is none, the result is an empty secret.
///
/// Errors say what to do and never quote the row: `refused` where the row must change,
/// `misconfigured` where only the operator can mend it (a variable not set, a file not readable).
[[nodiscard]] Result<Secret> find_key(const KeyRequest& request,
                                      const KeyPolicy& policy,
                                      const Environment& environment);

}  // namespace autoreply
