#include "generate/providers/echo_provider.h"

#include "base/text.h"

namespace autoreply {
namespace {

constexpr std::size_t kQuotedBytesMax = 500;

std::int64_t tokens_of(std::size_t bytes) {
  constexpr std::size_t kBytesPerToken = 4;
  return static_cast<std::int64_t>((bytes + kBytesPerToken - 1) / kBytesPerToken);
}

}  // namespace

GenerationOutcome echo(const ProviderProfile& /*profile*/,
                       const Conversation& conversation,
                       const GenerationRequest& /*request*/,
                       HttpSender& /*http*/,
                       const std::stop_token& /*stop*/) {
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

}  // namespace autoreply
