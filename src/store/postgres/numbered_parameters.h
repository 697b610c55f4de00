#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace autoreply {

/// A statement as PostgreSQL takes it.
struct NumberedStatement {
  std::string sql;
  std::vector<std::string_view> names;  ///< of $1, $2, …; parts of the text that was read
};

/// Turns the parameters of a statement (`:name`) into numbered ones. Each place gets a number of
/// its own, so that its type is its own too. Casts (`::`) and quoted text are left alone; comments
/// are not understood.
[[nodiscard]] NumberedStatement with_numbered_parameters(std::string_view sql);

}  // namespace autoreply
