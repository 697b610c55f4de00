#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace autoreply {

/// A reply as generated and shaped, to be recorded before it is sent.
struct Reply {
  std::string text;  ///< sent byte for byte
  std::string provider;
  std::string model;
  std::string prompt;  ///< JSON: the system prompt and the turns that were sent
  std::optional<std::int64_t> tokens_used;       ///< the total that the provider reports
  std::optional<std::int64_t> cost_nanodollars;  ///< empty if the model's price is unknown
};

/// A reply that is recorded. It is sent unchanged and never generated again.
struct RecordedReply {
  std::string log_id;
  std::string text;
};

}  // namespace autoreply
