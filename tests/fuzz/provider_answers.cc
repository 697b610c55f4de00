// What a provider answers, read as the body of every provider and, for errors, with every status.

#include <array>
#include <chrono>

#include "fuzz.h"
#include "generate/classify_answer.h"
#include "generate/errors/classify.h"
#include "generate/errors/refused_field.h"
#include "generate/provider_table.h"

namespace autoreply::fuzz {
namespace {

constexpr std::array kProviders{"openai", "anthropic", "gemini", "azure", "ollama"};
constexpr std::array kStatuses{200, 400, 401, 429, 500};

void take_for_an_error(const std::string& body) {
  for (const int status : kStatuses) {
    const HttpResponse response{.status = status, .headers = {}, .body = body};
    const Answer answer = classify_error(response, {"openai", "the-model", {}});
    require(answer.reason.size() <= 300, "a reason is too long");
    require(answer.reason.find('\n') == std::string::npos, "a reason has several lines");
    static_cast<void>(refused_by(response));
  }
}

void take_for_an_answer(const std::string& body) {
  for (const char* const name : kProviders) {
    const auto answer = find_provider(name)->read(body);
    if (!answer) continue;
    for (const int attempt : {1, 3}) {
      GenerationRequest request;
      request.token_budget = 600;
      request.attempt = attempt;
      request.max_attempts = 3;
      const auto generation = classify_answer(*answer, request);
      if (generation) require(!generation->text.empty(), "a reply without text");
    }
  }
}

void answer_with(const std::string& body) {
  take_for_an_error(body);
  take_for_an_answer(body);
}

}  // namespace
}  // namespace autoreply::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body(reinterpret_cast<const char*>(data), size);
  autoreply::fuzz::answer_with(body);
  autoreply::fuzz::require_linear(body, autoreply::fuzz::answer_with);
  return 0;
}
