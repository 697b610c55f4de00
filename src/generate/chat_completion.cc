#include "generate/chat_completion.h"

#include <algorithm>
#include <utility>

#include <simdjson.h>

#include "base/text.h"

namespace autoreply {
namespace {

using simdjson::dom::element;

/// Counts beyond are nonsense, and would not fit the host's INTEGER column.
constexpr std::int64_t kTokensMax = 1'000'000'000;
constexpr std::size_t kNameBytesMax = 200;

std::string_view text_at(element object, std::string_view pointer) {
  std::string_view text;
  return object.at_pointer(pointer).get(text) == simdjson::SUCCESS ? text : "";
}

std::optional<std::int64_t> count_at(element object, std::string_view pointer) {
  std::int64_t count = 0;
  if (object.at_pointer(pointer).get(count) != simdjson::SUCCESS) return std::nullopt;
  if (count < 0 || count > kTokensMax) return std::nullopt;
  return count;
}

std::string content_of(element message) {
  simdjson::dom::array chunks;
  if (message.at_key("content").get(chunks) != simdjson::SUCCESS) {
    return to_valid_utf8(text_at(message, "/content"));
  }
  std::string text;
  for (const element chunk : chunks) {
    if (text_at(chunk, "/type") == "text") text += to_valid_utf8(text_at(chunk, "/text"));
  }
  return text;
}

/// Open models write their reasoning before the answer where the server does not take it apart.
std::string without_thinking(std::string text) {
  constexpr std::string_view kOpen = "<think>";
  constexpr std::string_view kClose = "</think>";
  if (!trimmed(text).starts_with(kOpen)) return text;
  const std::size_t close = text.find(kClose);
  return close == std::string::npos ? "" : text.substr(close + kClose.size());
}

Finish finish_of(std::string_view word) {
  if (word == "stop") return Finish::complete;
  if (word == "length" || word == "model_length") return Finish::length;
  if (word == "content_filter") return Finish::filtered;
  if (word == "tool_calls" || word == "function_call") return Finish::tool_call;
  if (word == "insufficient_system_resource" || word == "error") return Finish::server_cut;
  return Finish::other;
}

std::optional<TokenUsage> usage_of(element document) {
  element counts;
  if (document.at_key("usage").get(counts) != simdjson::SUCCESS || !counts.is_object()) {
    return std::nullopt;
  }
  TokenUsage usage;
  usage.input = count_at(counts, "/prompt_tokens").value_or(0);
  usage.output = count_at(counts, "/completion_tokens").value_or(0);
  for (const auto* const place : {"/prompt_cache_hit_tokens",
                                  "/num_cached_tokens",
                                  "/prompt_tokens_details/cached_tokens",
                                  "/prompt_token_details/cached_tokens"}) {
    if (usage.cached == 0) usage.cached = count_at(counts, place).value_or(0);
  }
  usage.cache_write = count_at(counts, "/prompt_tokens_details/cache_write_tokens").value_or(0);
  usage.total = count_at(counts, "/total_tokens");
  if (!usage.total && usage.input + usage.output > 0) usage.total = usage.input + usage.output;
  return usage;
}

void read_choice(element choice, ChatCompletion& completion) {
  completion.has_choice = true;
  completion.finish_word = utf8_prefix(text_at(choice, "/finish_reason"), kNameBytesMax);
  completion.finish = finish_of(completion.finish_word);
  element message;
  if (choice.at_key("message").get(message) != simdjson::SUCCESS || !message.is_object()) return;
  completion.text = without_thinking(content_of(message));
  simdjson::dom::array calls;
  const bool calls_tools =
      message.at_key("tool_calls").get(calls) == simdjson::SUCCESS && calls.size() > 0;
  if (!trimmed(completion.text).empty()) return;
  if (!text_at(message, "/refusal").empty()) {
    completion.finish = Finish::refused;
  } else if (calls_tools) {
    completion.finish = Finish::tool_call;
  }
}

}  // namespace

std::optional<ChatCompletion> parse_chat_completion(std::string_view body) {
  simdjson::dom::parser parser;
  element document;
  if (parser.parse(body.data(), body.size()).get(document) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  ChatCompletion completion;
  if (simdjson::dom::array list; document.get(list) == simdjson::SUCCESS) {
    completion.has_error = list.size() > 0 && !list.at(0).at_key("error").error();
    return completion;
  }
  element choice;
  if (document.at_pointer("/choices/0").get(choice) == simdjson::SUCCESS && choice.is_object()) {
    read_choice(choice, completion);
  }
  element error;
  completion.has_error = !completion.has_choice &&
                         document.at_key("error").get(error) == simdjson::SUCCESS &&
                         !error.is_null();
  completion.model = to_valid_utf8(utf8_prefix(text_at(document, "/model"), kNameBytesMax));
  completion.usage = usage_of(document);
  double cost = 0;
  if (document.at_pointer("/usage/cost").get(cost) == simdjson::SUCCESS) {
    completion.cost_dollars = cost;
  }
  return completion;
}

}  // namespace autoreply
