#pragma once

#include <string_view>

namespace autoreply {

/// Whose fault a failure is. This decides what becomes of the jobs concerned.
enum class Scope {
  job,           ///< this message or reply alone
  workspace,     ///< a tenant's settings, which the tenant can fix
  the_operator,  ///< settings of this program's operator, for every job concerned
};

/// "job", "workspace" or "operator".
[[nodiscard]] std::string_view to_string(Scope scope);
/// The scope of that name; `job` for any other text.
[[nodiscard]] Scope scope_named(std::string_view name);

}  // namespace autoreply
