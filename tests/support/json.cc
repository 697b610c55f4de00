#include "support/json.h"

#include <gtest/gtest.h>

namespace autoreply::test {

nlohmann::json parse_json(std::string_view text) {
  auto document = nlohmann::json::parse(text, nullptr, false);
  if (!document.is_discarded()) return document;
  ADD_FAILURE() << "not JSON: " << text;
  return nullptr;
}

}  // namespace autoreply::test
