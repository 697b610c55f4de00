#include "net/http_message.h"

#include <algorithm>

#include "base/secret.h"
#include "base/text.h"

namespace autoreply {

void forget_header_values(HttpRequest& request) noexcept {
  for (auto& [name, value] : request.headers) Secret::overwrite(value);
}

void HttpHeaders::add(std::string_view name, std::string_view value) {
  text_.append(lower_case(name)).append(value);
  lengths_.push_back({name.size(), value.size()});
}

void HttpHeaders::clear() {
  text_.clear();
  lengths_.clear();
}

std::vector<HttpHeaders::Entry> HttpHeaders::entries() const {
  std::vector<Entry> entries;
  entries.reserve(lengths_.size());
  std::string_view rest = text_;
  for (const Lengths& lengths : lengths_) {
    entries.push_back({rest.substr(0, lengths.name), rest.substr(lengths.name, lengths.value)});
    rest.remove_prefix(lengths.name + lengths.value);
  }
  return entries;
}

std::optional<std::string_view> HttpHeaders::find(std::string_view name) const {
  const std::string wanted = lower_case(name);
  const std::vector<Entry> all = entries();
  const auto found = std::ranges::find(all, wanted, &Entry::name);
  if (found == all.end()) return std::nullopt;
  return found->value;
}

}  // namespace autoreply
