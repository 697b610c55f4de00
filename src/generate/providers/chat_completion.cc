#include "generate/providers/chat_completion.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <simdjson.h>

#include "base/json_fields.h"
#include "base/text.h"
#include "generate/event_stream.h"

namespace autoreply {
namespace {

using simdjson::dom::element;

/// Higher counts are nonsense and would not fit the host's INTEGER column.
constexpr std::int64_t kCountedTokensMax = 1'000'000'000;
constexpr std::size_t kWordBytesMax = 200;

/// Returns a text, or the concatenated text parts without those that contain reasoning.
std::string content_of(element content) {
  if (const auto whole = optional_view(content)) return to_valid_utf8(*whole);
  std::string text;
  for (const element part : elements_of(content)) {
    const std::string_view type = view_of(part, "type");
    if (const auto whole = optional_view(part)) {
      text += to_valid_utf8(*whole);
    } else if (type == "text" || type == "output_text") {
      text += to_valid_utf8(view_of(part, "text"));
    }
  }
  return text;
}

/// The words come from OpenAI, and from Mistral, DeepSeek, Zhipu, Anthropic and Gemini if a gateway
/// passes them on.
Finish finish_of(std::string_view said) {
  struct Known {
    std::string_view word;
    Finish finish;
  };
  constexpr auto kKnown =
      std::to_array<Known>({{"stop", Finish::complete},
                            {"end_turn", Finish::complete},
                            {"stop_sequence", Finish::complete},
                            {"eos", Finish::complete},
                            {"length", Finish::length},
                            {"model_length", Finish::length},
                            {"max_tokens", Finish::length},
                            {"max_output_tokens", Finish::length},
                            {"model_context_window_exceeded", Finish::length},
                            {"content_filter", Finish::filtered},
                            {"content_filtered", Finish::filtered},
                            {"safety", Finish::filtered},
                            {"recitation", Finish::filtered},
                            {"blocklist", Finish::filtered},
                            {"prohibited_content", Finish::filtered},
                            {"spii", Finish::filtered},
                            {"sensitive", Finish::filtered},
                            {"guardrail_intervened", Finish::filtered},
                            {"refusal", Finish::refused},
                            {"tool_calls", Finish::tool_call},
                            {"function_call", Finish::tool_call},
                            {"tool_use", Finish::tool_call},
                            {"malformed_function_call", Finish::tool_call},
                            {"unexpected_tool_call", Finish::tool_call},
                            {"insufficient_system_resource", Finish::server_cut},
                            {"error", Finish::server_cut},
                            {"network_error", Finish::server_cut},
                            {"malformed_response", Finish::server_cut},
                            {"abort", Finish::server_cut},
                            {"aborted", Finish::server_cut},
                            {"load", Finish::server_cut},
                            {"unload", Finish::server_cut}});
  const std::string word = lower_case(said);
  const auto* const known = std::find_if(
      kKnown.begin(), kKnown.end(), [&](const Known& entry) { return entry.word == word; });
  return known == kKnown.end() ? Finish::other : known->finish;
}

/// Reads the token counts of a usage object.
class UsageReader final {
 public:
  explicit UsageReader(element counts) : counts_(counts) {}

  std::optional<TokenUsage> read() {
    TokenUsage usage;
    usage.input = count("/prompt_tokens");
    usage.output = count("/completion_tokens");
    usage.total = count("/total_tokens");
    for (const auto* const place : {"/prompt_cache_hit_tokens",
                                    "/num_cached_tokens",
                                    "/prompt_tokens_details/cached_tokens",
                                    "/prompt_token_details/cached_tokens"}) {
      if (usage.cached == 0) usage.cached = count(place).value_or(0);
    }
    usage.cache_write = count("/prompt_tokens_details/cache_write_tokens").value_or(0);
    if (!usage.total && usage.input && usage.output) usage.total = *usage.input + *usage.output;
    if (absurd_ || !usage.total) return std::nullopt;
    return usage;
  }

 private:
  std::optional<std::int64_t> count(const char* place) {
    const auto value = value_at(counts_, place);
    if (!value) return std::nullopt;
    const auto number = optional_double(*value);
    if (!number || !(*number >= 0) || *number > static_cast<double>(kCountedTokensMax) ||
        *number != std::floor(*number)) {
      absurd_ = true;
      return std::nullopt;
    }
    return static_cast<std::int64_t>(*number);
  }

  element counts_;
  bool absurd_ = false;
};

/// Assembles an answer from one document or from the chunks of a stream.
class CompletionReader final {
 public:
  /// Returns false if the document is not part of a chat completion.
  bool read(element document) {
    if (document.is_array()) {
      // Gemini wraps its errors in an array.
      const auto list = elements_of(document);
      if (list.empty()) return false;
      completion_.has_error = value_of(list.front(), "error").has_value();
      return completion_.has_error;
    }
    if (!document.is_object()) return false;
    const bool known = read_choices(document);
    const auto error = value_of(document, "error");
    if (error ? !is_empty(*error) : is_flat_error(document)) completion_.has_error = true;
    if (completion_.model.empty()) {
      completion_.model = to_valid_utf8(utf8_prefix(view_of(document, "model"), kWordBytesMax));
    }
    const auto counts = value_of(document, "usage");
    if (counts && counts->is_object()) {
      completion_.usage = UsageReader(*counts).read();
      if (const auto cost = optional_double(*counts, "cost")) completion_.cost_dollars = *cost;
    }
    return known || counts || completion_.has_error;
  }

  [[nodiscard]] bool has_finished() const { return !completion_.finish_word.empty(); }

  ChatCompletion take() && {
    // An error next to a complete answer does not matter.
    const bool answered = !trimmed(completion_.text).empty() &&
                          completion_.finish != Finish::server_cut && !error_in_choice_;
    if (answered) completion_.has_error = false;
    return std::move(completion_);
  }

 private:
  static bool is_empty(element error) {
    return (error.is_object() && fields_of(error).empty()) || optional_view(error) == "" ||
           error.is_bool();
  }

  /// Some gateways send an error with neither an error status nor an error object.
  static bool is_flat_error(element document) {
    if (value_of(document, "choices")) return false;
    if (view_of(document, "object") == "error") return true;
    return value_of(document, "code") &&
           (!view_of(document, "message").empty() || !view_of(document, "msg").empty());
  }

  /// Returns false if the choices are missing or malformed. Null and an empty list are accepted.
  bool read_choices(element document) {
    const auto choices = field_of(document, "choices");
    if (!choices) return false;
    if (!choices->is_array()) return choices->is_null();
    const auto list = elements_of(*choices);
    if (!list.empty() && list.front().is_object()) read_choice(list.front());
    return true;
  }

  void read_choice(element choice) {
    completion_.has_choice = true;
    if (const std::string_view word = view_of(choice, "finish_reason"); !word.empty()) {
      completion_.finish_word = to_valid_utf8(utf8_prefix(word, kWordBytesMax));
      completion_.finish = finish_of(word);
    }
    if (const auto error = value_of(choice, "error"); error && !is_empty(*error)) {
      completion_.has_error = true;
      error_in_choice_ = true;
    }
    if (const auto text = value_of(choice, "text")) completion_.text += content_of(*text);
    for (const std::string_view place : {"message", "delta"}) {
      const auto message = object_of(choice, place);
      if (!message) continue;
      if (const auto content = value_of(*message, "content")) {
        completion_.text += content_of(*content);
      }
      if (!view_of(*message, "refusal").empty()) completion_.refuses = true;
      if (!elements_of(*message, "tool_calls").empty()) completion_.calls_tools = true;
      if (value_of(*message, "function_call")) completion_.calls_tools = true;
    }
  }

  ChatCompletion completion_;
  bool error_in_choice_ = false;
};

std::optional<ChatCompletion> parse_stream(std::string_view body) {
  simdjson::dom::parser parser;
  CompletionReader reader;
  bool ended = false;
  bool known = false;
  for (const std::string& event : stream_events(body)) {
    if (event == kStreamEnd) {
      ended = true;
      break;
    }
    const auto document = try_parse(parser, event);
    if (!document) return std::nullopt;
    // Gateways send events of their own between the chunks.
    known = reader.read(*document) || known;
  }
  const bool finished = reader.has_finished();
  ChatCompletion completion = std::move(reader).take();
  // A stream without an end was cut off.
  if (!known || !(ended || finished || completion.has_error)) return std::nullopt;
  return completion;
}

}  // namespace

std::optional<ChatCompletion> parse_chat_completion(std::string_view body) {
  if (is_event_stream(body)) return parse_stream(body);
  simdjson::dom::parser parser;
  const auto document = try_parse(parser, json_part(body));
  CompletionReader reader;
  if (!document || !reader.read(*document)) return std::nullopt;
  return std::move(reader).take();
}

}  // namespace autoreply
