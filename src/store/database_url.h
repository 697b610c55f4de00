#pragma once

#include <string>

#include "base/result.h"

namespace autoreply {

/// The kind of database that a URL names.
enum class DatabaseKind { postgres, sqlite };

/// Returns the kind of database that `--database` names, or `misconfigured` if the URL is of
/// neither kind. The message repeats no part of the URL, since it may hold a password.
[[nodiscard]] Result<DatabaseKind> database_kind(const std::string& url);

/// Returns the path of a `sqlite:PATH`.
[[nodiscard]] std::string sqlite_path(const std::string& url);

/// Returns `misconfigured`, with what to write instead, if this URL cannot open a database. Does
/// not connect.
[[nodiscard]] Result<void> check_database_url(const std::string& url);

/// Returns the URL's database for messages: "shop on db.example.com:5432", or the absolute path of
/// a SQLite file. Missing parts come from the environment variables PG..., as in libpq. The label
/// never has the user or the password. The URL must have passed `check_database_url`.
[[nodiscard]] std::string database_label(const std::string& url);

}  // namespace autoreply
