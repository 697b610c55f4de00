#include "net/http_exchange.h"

#include "base/text.h"
#include "net/answer_budget.h"

namespace autoreply {

bool HttpExchange::begin() noexcept {
  if (has_news != nullptr) *has_news = true;
  if (began) {
    again = true;
    return false;
  }
  if (may_begin && !may_begin()) {
    withheld = true;
    return false;
  }
  began = true;
  return true;
}

HttpExchange::Taken HttpExchange::write_body(std::string_view bytes) noexcept {
  if (bytes.size() > body_bytes_max - response.body.size()) {
    too_large = true;
    return Taken::no;
  }
  try {
    if (budget != nullptr && !budget->take(*this, bytes.size())) return Taken::later;
    response.body.append(bytes);
  } catch (...) {
    out_of_memory = true;
    return Taken::no;
  }
  return Taken::all;
}

bool HttpExchange::write_header(std::string_view line) noexcept {
  header_bytes += line.size();
  if (header_bytes > kHeaderBytesMax) {
    too_large = true;
    return false;
  }
  try {
    if (line.starts_with("HTTP/")) response.headers.clear();
    if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
      response.headers.add(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
    }
  } catch (...) {
    out_of_memory = true;
    return false;
  }
  return true;
}

}  // namespace autoreply
