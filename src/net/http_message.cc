#include "net/http_message.h"

#include <algorithm>

#include "base/text.h"

namespace autoreply {

void HttpHeaders::add(std::string_view name, std::string value) {
  entries_.emplace_back(lower_case(name), std::move(value));
}

std::optional<std::string_view> HttpHeaders::find(std::string_view name) const {
  const std::string wanted = lower_case(name);
  const auto found = std::find_if(
      entries_.begin(), entries_.end(), [&](const auto& entry) { return entry.first == wanted; });
  if (found == entries_.end()) return std::nullopt;
  return found->second;
}

}  // namespace autoreply
