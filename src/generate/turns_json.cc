#include "generate/turns_json.h"

#include <utility>

#include <nlohmann/json.hpp>

namespace autoreply {

nlohmann::ordered_json turns_json(const Conversation& conversation) {
  auto turns = nlohmann::ordered_json::array();
  for (const Turn& turn : conversation.turns) {
    // Field by field, since a list in braces is copied twice.
    nlohmann::ordered_json written;
    written["role"] = turn.role == Role::user ? "user" : "assistant";
    written["content"] = turn.text;
    turns.push_back(std::move(written));
  }
  return turns;
}

}  // namespace autoreply
