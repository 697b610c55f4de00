#include "report/html_text.h"

#include "base/text.h"

namespace autoreply {

std::string html_text(std::string_view text) {
  std::string html;
  for (const char character : one_line(to_valid_utf8(text))) {
    switch (character) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      default:
        html += character;
    }
  }
  return html;
}

}  // namespace autoreply
