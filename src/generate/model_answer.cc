#include "generate/model_answer.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace autoreply {
namespace {

constexpr std::size_t kWordBytesMax = 200;

struct KnownWord {
  std::string_view word;
  Finish finish;
};

// The vendors' documentation and SDKs, state of November 2026.
constexpr auto kWords = std::to_array<KnownWord>({
    // OpenAI and its imitators
    {"stop", Finish::complete},
    {"eos", Finish::complete},
    {"length", Finish::length},
    {"model_length", Finish::length},
    {"content_filter", Finish::filtered},
    {"content_filtered", Finish::filtered},
    {"sensitive", Finish::filtered},
    {"guardrail_intervened", Finish::filtered},
    {"tool_calls", Finish::tool_call},
    {"function_call", Finish::tool_call},
    {"insufficient_system_resource", Finish::server_cut},
    {"error", Finish::server_cut},
    {"network_error", Finish::server_cut},
    {"abort", Finish::server_cut},
    {"aborted", Finish::server_cut},
    // OpenAI's Responses
    {"completed", Finish::complete},
    {"max_output_tokens", Finish::length},
    {"failed", Finish::server_cut},
    {"cancelled", Finish::server_cut},
    // Anthropic
    {"end_turn", Finish::complete},
    {"stop_sequence", Finish::complete},
    {"max_tokens", Finish::length},
    {"model_context_window_exceeded", Finish::length},
    {"refusal", Finish::refused},
    {"tool_use", Finish::tool_call},
    {"pause_turn", Finish::tool_call},
    // Gemini
    {"continuation", Finish::length},
    {"safety", Finish::filtered},
    {"recitation", Finish::filtered},
    {"blocklist", Finish::filtered},
    {"prohibited_content", Finish::filtered},
    {"spii", Finish::filtered},
    {"language", Finish::filtered},
    {"image_safety", Finish::filtered},
    {"image_prohibited_content", Finish::filtered},
    {"image_recitation", Finish::filtered},
    {"image_other", Finish::filtered},
    {"no_image", Finish::filtered},
    {"model_armor", Finish::filtered},
    {"jailbreak", Finish::filtered},
    {"malformed_function_call", Finish::tool_call},
    {"unexpected_tool_call", Finish::tool_call},
    {"too_many_tool_calls", Finish::tool_call},
    {"malformed_response", Finish::server_cut},
    {"other", Finish::server_cut},
    {"finish_reason_unspecified", Finish::server_cut},
    // Ollama
    {"load", Finish::server_cut},
    {"unload", Finish::server_cut},
});

}  // namespace

void ModelAnswer::end_with(std::string_view word) {
  if (word.empty()) return;
  finish_word = to_valid_utf8(utf8_prefix(word, kWordBytesMax));
  finish = finish_of(word);
}

Finish finish_of(std::string_view word) {
  const std::string wanted = lower_case(word.substr(0, kWordBytesMax));
  const auto* const known = std::find_if(
      kWords.begin(), kWords.end(), [&](const KnownWord& entry) { return entry.word == wanted; });
  return known == kWords.end() ? Finish::other : known->finish;
}

}  // namespace autoreply
