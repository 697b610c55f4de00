#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/claim_statements.h"
#include "store/job_store.h"

namespace autoreply {

// Writes and reads the JSON that the statements about breakers take and return.

[[nodiscard]] std::string peers_json(std::span<const Peer> peers);
[[nodiscard]] LockedBreakers parse_locked_breakers(std::string_view json);
[[nodiscard]] std::vector<NamedBreaker> parse_breakers(std::string_view json);
[[nodiscard]] std::string breakers_json(std::span<const NamedBreaker> breakers);
[[nodiscard]] std::string accepted_json(std::span<const AcceptedPeer> peers);

}  // namespace autoreply
