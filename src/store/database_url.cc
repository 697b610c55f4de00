#include "store/database_url.h"

#include <cstdlib>
#include <filesystem>
#include <initializer_list>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "store/postgres/connection_string.h"

namespace autoreply {
namespace {

constexpr std::string_view kSqlitePrefix = "sqlite:";

/// The first of the values that is not empty.
std::string first_of(std::initializer_list<std::string_view> values) {
  for (const std::string_view value : values) {
    if (!value.empty()) return std::string(value);
  }
  return {};
}

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view{} : std::string_view{value};
}

std::string postgres_label(const ConnectionParameters& parameters) {
  const std::string host =
      first_of({parameters["host"], parameters["hostaddr"], variable("PGHOST"), "a local socket"});
  const std::string port = first_of({parameters["port"], variable("PGPORT"), "5432"});
  const std::string database = first_of({parameters["dbname"],
                                         variable("PGDATABASE"),
                                         parameters["user"],
                                         variable("PGUSER"),
                                         "the user's own database"});
  return fmt::format("{} on {}:{}", database, host, port);
}

}  // namespace

Result<DatabaseKind> database_kind(const std::string& url) {
  if (url.starts_with("postgresql://") || url.starts_with("postgres://")) {
    return DatabaseKind::postgres;
  }
  if (url.starts_with(kSqlitePrefix) && url.size() > kSqlitePrefix.size()) {
    return DatabaseKind::sqlite;
  }
  return fail(ErrorKind::misconfigured,
              "--database must be sqlite:PATH or postgresql://USER:PASSWORD@HOST:PORT/DATABASE");
}

std::string sqlite_path(const std::string& url) {
  return url.substr(kSqlitePrefix.size());
}

Result<void> check_database_url(const std::string& url) {
  const auto kind = database_kind(url);
  if (!kind) return fail(kind.error());
  if (*kind == DatabaseKind::sqlite) return {};
  if (const auto parameters = parse_connection_string(url); !parameters) {
    return fail(parameters.error());
  }
  return {};
}

std::string database_label(const std::string& url) {
  if (const auto kind = database_kind(url); !kind || *kind == DatabaseKind::sqlite) {
    if (!kind) return "an unknown database";
    std::error_code failed;
    const auto path = std::filesystem::absolute(sqlite_path(url), failed);
    return failed ? sqlite_path(url) : path.lexically_normal().string();
  }
  const auto parameters = parse_connection_string(url);
  return parameters ? postgres_label(*parameters) : "an unknown database";
}

}  // namespace autoreply
