#include "store/postgres/numbered_parameters.h"

#include <algorithm>
#include <cctype>

namespace autoreply {
namespace {

bool begins_name(char character) {
  return std::isalpha(static_cast<unsigned char>(character)) != 0 || character == '_';
}

bool continues_name(char character) {
  return std::isalnum(static_cast<unsigned char>(character)) != 0 || character == '_';
}

}  // namespace

NumberedStatement with_numbered_parameters(std::string_view sql) {
  NumberedStatement statement;
  statement.sql.reserve(sql.size());
  while (!sql.empty()) {
    std::size_t taken = 1;
    if (sql[0] == '\'' || sql[0] == '"') {
      const std::size_t end = sql.find(sql[0], 1);
      taken = end == std::string_view::npos ? sql.size() : end + 1;
    } else if (sql.starts_with("::")) {
      taken = 2;
    } else if (sql[0] == ':' && sql.size() > 1 && begins_name(sql[1])) {
      const auto* const end = std::find_if_not(sql.begin() + 1, sql.end(), continues_name);
      const std::string_view name(sql.begin() + 1, end);
      statement.names.push_back(name);
      statement.sql += '$' + std::to_string(statement.names.size());
      sql.remove_prefix(1 + name.size());
      continue;
    }
    statement.sql += sql.substr(0, taken);
    sql.remove_prefix(taken);
  }
  return statement;
}

}  // namespace autoreply
