#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "generate/model_answer.h"
#include "generate/token_usage.h"
#include "job/answer.h"
#include "job/conversation.h"
#include "net/api_keys.h"
#include "net/http_message.h"

namespace autoreply {

/// The address and the key for calling a provider.
struct Endpoint {
  std::string base_url;
  bool built_in = false;  ///< the provider's own address, not a tenant's
  AddressPolicy policy = AddressPolicy::public_only;
  Secret key;  ///< empty: no key is sent
  KeyOwner key_owner = KeyOwner::workspace;
  std::string key_source{};  ///< as in `FoundKey`
};

/// What this program adds to requests on its own, and a model has refused.
struct Refused {
  bool extras = false;       ///< the fields that save reasoning and storage
  bool token_field = false;  ///< the first choice of the field that limits the reply
  bool operator==(const Refused&) const = default;
};

struct GenerationRequest {
  Endpoint endpoint;
  std::string model;
  std::optional<double> temperature;
  std::optional<int> max_tokens;  ///< of the text; of the workspace
  int cut_answers = 0;            ///< answers to earlier attempts that were cut or empty
  /// The most tokens that the answer may have, hidden reasoning included; set by `call_provider`.
  int token_budget = 0;
  int attempt = 1;
  int max_attempts = 0;
  std::chrono::milliseconds timeout{};
  Refused refused;
};

/// What a call consumed, with or without a reply.
struct Consumption {
  std::string provider;
  std::string model;  ///< as named by the provider
  std::optional<TokenUsage> usage;
  /// As reported by the provider, otherwise set by `Generator` from the usage. Empty if unknown.
  std::optional<std::int64_t> cost_nanodollars;
};

/// A reply from a provider.
struct Generation {
  std::string text;  ///< valid UTF-8, not blank
  Consumption consumed;
  bool truncated = false;  ///< cut by the token limit, ends with the last whole sentence
};

/// Replaces a reply. An answer without a reply may still cost money.
struct NoReply {
  Answer answer;
  Consumption consumed{};
};

using GenerationOutcome = tl::expected<Generation, NoReply>;

/// Returns the URL to call, from a base URL and the name of a model. An empty name is accepted: the
/// result then stands for all models. The error says what is wrong with the settings.
using AddressFunction = Result<std::string> (*)(const std::string& base_url,
                                                std::string_view model);
/// Returns the headers that carry the key, and others that only this provider wants.
using HeadersFunction = std::vector<std::pair<std::string, std::string>> (*)(const Secret& key);
/// Returns the JSON to send. The turns alternate, none is empty, the first and the last are the
/// user's.
using BodyFunction = std::string (*)(const Conversation& conversation,
                                     const GenerationRequest& request);
/// Reads an answer with a 2xx status. Empty if it is not in the provider's format, or was cut off.
using ReadFunction = std::optional<ModelAnswer> (*)(std::string_view body);

/// How to speak to a provider: where it is, what it wants to be sent, how its answers read. What
/// follows from an answer is the same for all providers. The functions are pure. Sources: the
/// vendors' documentation and SDKs, state of November 2026.
struct Provider {
  std::string_view name;
  std::string_view base_url = {};      ///< its own address; empty: the workspace must name one
  std::string_view key_variable = {};  ///< of the operator's own key
  bool key_required = true;            ///< at its own address
  std::string_view prices_of = {};     ///< the provider whose price list applies
  bool reports_cost = false;           ///< the cost in its answers is what it charges

  AddressFunction address = nullptr;
  HeadersFunction headers = nullptr;
  BodyFunction body = nullptr;
  ReadFunction read = nullptr;
  /// Whether a model spends hidden tokens before its text however little effort is asked for. Null:
  /// none does.
  bool (*always_reasons)(std::string_view model) = nullptr;

  /// Answers without calling anyone. Such a provider needs no address, key and model, and none of
  /// the functions above.
  Generation (*answer_offline)(const Conversation& conversation) = nullptr;

  [[nodiscard]] bool is_offline() const { return answer_offline != nullptr; }
};

}  // namespace autoreply
