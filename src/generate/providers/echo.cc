// Repeats what the customer wrote, for demos and smoke tests.

#include <cstdint>

#include "base/text.h"
#include "generate/providers/all_providers.h"

namespace autoreply {
namespace {

constexpr std::size_t kQuotedBytesMax = 500;

std::int64_t tokens_of(std::size_t bytes) {
  constexpr std::size_t kBytesPerToken = 4;
  return static_cast<std::int64_t>((bytes + kBytesPerToken - 1) / kBytesPerToken);
}

Generation echo(const Conversation& conversation) {
  std::size_t prompt_bytes = conversation.system_prompt.size();
  for (const Turn& turn : conversation.turns) prompt_bytes += turn.text.size();
  const std::string_view last =
      conversation.turns.empty() ? "" : trimmed(conversation.turns.back().text);

  Generation generation;
  generation.text = "You said: " + to_valid_utf8(utf8_prefix(last, kQuotedBytesMax));
  generation.consumed.model = "echo";
  TokenUsage usage;
  usage.input = tokens_of(prompt_bytes);
  usage.output = tokens_of(generation.text.size());
  usage.total = *usage.input + *usage.output;
  generation.consumed.usage = usage;
  return generation;
}

}  // namespace

constinit const Provider kEcho{
    .name = "echo", .key_required = false, .prices_of = "echo", .answer_offline = echo};

}  // namespace autoreply
