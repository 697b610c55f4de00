#include "generate/classify_answer.h"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/sentence.h"
#include "base/text.h"
#include "generate/errors/classify.h"
#include "generate/model_text/model_output.h"
#include "job/attempt_result.h"
#include "job/rejection_words.h"

namespace autoreply {
namespace {

tl::unexpected<Answer> refused(Finding finding, const std::string& reason) {
  return tl::unexpected(answered(finding, reason));
}

/// Rejections in the same words are counted together.
tl::unexpected<Answer> counted(Finding finding, const std::string& reason) {
  Answer answer = answered(finding, reason);
  answer.words = rejection_words(0, "", answer.reason);
  return tl::unexpected(std::move(answer));
}

/// Takes what can be sent of a text that was cut: its whole sentences on the last attempt, nothing
/// before that.
tl::expected<Generation, Answer> classify_cut(std::string text, const GenerationRequest& request) {
  if (request.attempt < request.max_attempts) {
    return refused(
        Finding::cut,
        fmt::format("{}{} tokens: the next attempt gets more", kAnswerCut, request.token_budget));
  }
  text.resize(last_sentence_end(text));
  if (trimmed(text).empty()) {
    return refused(
        Finding::cut,
        fmt::format("no whole sentence within {} tokens: raise the workspace's max_tokens, ask for "
                    "shorter answers in the system prompt, or choose a model that reasons less",
                    request.token_budget));
  }
  return Generation{.text = std::move(text), .consumed = {}, .truncated = true};
}

std::string why_empty(const ModelAnswer& answer, const GenerationRequest& request) {
  if (answer.finish != Finish::length) {
    return std::string(kAnswerEmpty) + (answer.has_choice ? "no text in it" : "no choice in it");
  }
  return fmt::format(
      "{}{} tokens were spent on reasoning; raise the workspace's max_tokens, or choose a model "
      "that reasons less",
      kAnswerSpent,
      request.token_budget);
}

}  // namespace

tl::expected<Generation, Answer> classify_answer(const ModelAnswer& answer,
                                                 const GenerationRequest& request) {
  ModelOutput output = spoken_part(answer.text);
  if (answer.finish == Finish::filtered) {
    return refused(Finding::content_refused, "content filter: answer withheld by the provider");
  }
  if (answer.finish == Finish::server_cut) {
    return refused(Finding::down, "answer cut by the provider: " + answer.finish_word);
  }
  const bool refuses = answer.finish == Finish::refused || (output.text.empty() && answer.refuses);
  if (refuses) return refused(Finding::content_refused, "refusal: the model will not answer");
  if (output.text.empty()) {
    const bool calls =
        answer.calls_tools || output.calls_tools || answer.finish == Finish::tool_call;
    if (calls && answer.finish != Finish::length) {
      return counted(Finding::faulty, "tool call without text");
    }
    return counted(Finding::empty, why_empty(answer, request));
  }
  if (answer.finish == Finish::length) return classify_cut(std::move(output.text), request);
  return Generation{.text = std::move(output.text)};
}

}  // namespace autoreply
