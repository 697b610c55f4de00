#pragma once

#include <string_view>

namespace autoreply {

/// Whose fault a failure is, which decides what becomes of the jobs that it concerns.
enum class Scope {
  job,           ///< of this message or reply alone
  workspace,     ///< of a tenant's settings, which the tenant can mend
  the_operator,  ///< of what the operator of this program has set, for every job concerned
};

/// "job", "workspace" or "operator".
[[nodiscard]] std::string_view to_string(Scope scope);
/// The scope of that name; `job` for any other text.
[[nodiscard]] Scope scope_named(std::string_view name);

}  // namespace autoreply
