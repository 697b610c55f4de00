#pragma once

#include <string_view>

#include "job/conversation.h"
#include "store/json_fields.h"

namespace autoreply {

/// Reads a row of the host's configuration table. For .cc files of this folder only, as
/// json_fields.h.
[[nodiscard]] WorkspaceConfig workspace_config_of(std::string_view workspace_id,
                                                  simdjson::dom::element row);

}  // namespace autoreply
