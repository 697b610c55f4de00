#pragma once

#include <string>

#include "base/result.h"

namespace autoreply {

/// What kind of database a URL names.
enum class DatabaseKind { postgres, sqlite };

/// Returns the kind of database that `--database` names. `misconfigured` if the URL is of neither
/// kind; the message repeats nothing of it, since it may hold a password.
[[nodiscard]] Result<DatabaseKind> database_kind(const std::string& url);

/// Returns the path of a `sqlite:PATH`.
[[nodiscard]] std::string sqlite_path(const std::string& url);

/// Returns `misconfigured` with what to write instead if no database can be opened by this URL.
/// Nothing is connected to.
[[nodiscard]] Result<void> check_database_url(const std::string& url);

/// Returns the URL's database for messages: "shop on db.example.com:5432", or the absolute path of
/// a SQLite file. What the URL leaves open is filled in as libpq does it, from the PG... variables
/// of the environment. Never the user or the password. The URL must have passed
/// `check_database_url`.
[[nodiscard]] std::string database_label(const std::string& url);

}  // namespace autoreply
