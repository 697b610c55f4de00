#include "store/sql_template.h"

#include <array>
#include <utility>

namespace autoreply {

std::string replaced(std::string text, std::string_view placeholder, std::string_view value) {
  for (std::size_t at = text.find(placeholder); at != std::string::npos;
       at = text.find(placeholder, at + value.size())) {
    text.replace(at, placeholder.size(), value);
  }
  return text;
}

std::string quoted_name(std::string_view name) {
  std::string quoted = "\"";
  for (const char character : name) {
    if (character == '.') {
      quoted += "\".\"";
    } else if (character == '"') {
      quoted += "\"\"";
    } else {
      quoted += character;
    }
  }
  return quoted + '"';
}

std::string with_tables(std::string_view sql, const TableNames& tables) {
  const std::array<std::pair<std::string_view, std::string>, 5> names{{
      {"{queue}", quoted_name(tables.queue)},
      {"{logs}", quoted_name(tables.logs)},
      {"{messages}", quoted_name(tables.messages)},
      {"{contacts}", quoted_name(tables.contacts)},
      {"{config}", quoted_name(tables.config)},
  }};
  std::string text(sql);
  for (const auto& [placeholder, name] : names) text = replaced(std::move(text), placeholder, name);
  return text;
}

}  // namespace autoreply
