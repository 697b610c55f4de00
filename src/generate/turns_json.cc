#include "generate/turns_json.h"

#include <nlohmann/json.hpp>

namespace autoreply {

nlohmann::ordered_json turns_json(const Conversation& conversation) {
  auto turns = nlohmann::ordered_json::array();
  for (const Turn& turn : conversation.turns) {
    turns.push_back(
        {{"role", turn.role == Role::user ? "user" : "assistant"}, {"content", turn.text}});
  }
  return turns;
}

}  // namespace autoreply
