#pragma once

#include <string_view>
#include <vector>

#include "base/json_fields.h"
#include "job/conversation.h"

namespace autoreply {

/// Reads a row of the host's configuration table. Only for .cc files of this folder, like
/// base/json_fields.h.
[[nodiscard]] WorkspaceConfig workspace_config_of(std::string_view workspace_id,
                                                  simdjson::dom::element row);

/// Reads what fragment/spent.sql selects, from the field "spent".
[[nodiscard]] std::vector<DaySpending> spent_of(simdjson::dom::element row);

}  // namespace autoreply
