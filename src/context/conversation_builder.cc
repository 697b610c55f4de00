#include "context/conversation_builder.h"

#include <string>
#include <utility>

#include "base/text.h"
#include "context/prompt_values.h"

namespace autoreply {
namespace {

constexpr const char* kDefaultSystemPrompt =
    "You answer a business's customers by text message. Reply to the last message in its language, "
    "in one to three short, friendly sentences of plain text without Markdown. If you do not know "
    "something, say that a colleague will get back to them; never invent prices, dates or "
    "promises.";

std::string clean_body(const std::string& body) {
  // What is cut off below need not be read. A character has up to 4 bytes.
  const std::string valid = to_valid_utf8(body.substr(0, kBodyBytesMax + 4));
  std::string text;
  for (const char character : utf8_prefix(valid, kBodyBytesMax)) {
    const auto byte = static_cast<unsigned char>(character);
    const bool control = (byte < 0x20U && character != '\n' && character != '\t') || byte == 0x7FU;
    if (!control) text += character;
  }
  return without_turn_marks(trimmed(text));
}

void append_turn(std::vector<Turn>& turns, Role role, std::string text) {
  if (text.empty()) return;
  if (!turns.empty() && turns.back().role == role) {
    turns.back().text += '\n' + text;
  } else if (!turns.empty() || role == Role::user) {
    turns.push_back({role, std::move(text)});
  }
}

}  // namespace

Conversation make_conversation(const JobContext& context, const TimeZone& run_zone) {
  Conversation conversation;
  if (context.config) {
    FilledPrompt prompt = filled_prompt(trimmed(to_valid_utf8(context.config->system_prompt)),
                                        context,
                                        workspace_zone(context.config, run_zone));
    conversation.system_prompt = std::move(prompt.text);
    conversation.unknown_placeholders = std::move(prompt.unknown);
  }
  if (conversation.system_prompt.empty()) conversation.system_prompt = kDefaultSystemPrompt;
  for (const Message& message : context.history) {
    const Role role = message.direction == "inbound" ? Role::user : Role::assistant;
    append_turn(conversation.turns, role, clean_body(message.body));
  }
  append_turn(conversation.turns, Role::user, clean_body(context.original->body));
  return conversation;
}

}  // namespace autoreply
