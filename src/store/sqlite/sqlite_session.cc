#include "store/sqlite/sqlite_session.h"

#include <filesystem>
#include <utility>

#include <fmt/format.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <sqlite3.h>

#include "base/text.h"
#include "store/soci.h"
#include "store/sqlite/sqlite_transaction.h"

namespace autoreply {
namespace {

constexpr std::size_t kMessageBytesMax = 200;

/// What SQLite says, without the function of SOCI that passes it on.
std::string sqlite_text(const soci::soci_error& error) {
  std::string text = one_line(error.get_error_message());
  if (text.starts_with("sqlite3_")) {
    const std::size_t end = text.find(": ");
    if (end != std::string::npos) text.erase(0, end + 2);
  }
  return std::string(utf8_prefix(to_valid_utf8(text), kMessageBytesMax));
}

/// SOCI keeps SQLite's primary result code; its own error category is always "unknown".
Error to_error(const soci::soci_error& error, const std::string& path) {
  const std::string text = sqlite_text(error);
  const auto* sqlite_error = dynamic_cast<const soci::sqlite3_soci_error*>(&error);
  switch (sqlite_error != nullptr ? sqlite_error->result() : SQLITE_INTERNAL) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorKind::busy,
              fmt::format("{} is locked by another process for too long: {}", path, text)};
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
    case SQLITE_RANGE:
      return {ErrorKind::refused, text};
    case SQLITE_FULL:
      return {ErrorKind::unavailable,
              fmt::format("the disk of {} is full, make room on it: {}", path, text)};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return {
          ErrorKind::unavailable,
          fmt::format("{} cannot be opened for writing (its directory must be writable too): {}",
                      path,
                      text)};
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return {ErrorKind::unavailable, fmt::format("{} is no sound SQLite file: {}", path, text)};
    case SQLITE_IOERR:
      return {
          ErrorKind::unavailable,
          fmt::format("{} cannot be read or written, look at its disk and at limits on the size "
                      "of files: {}",
                      path,
                      text)};
    case SQLITE_ERROR:
      // One code for a missing column and for data that a statement or a trigger chokes on; only
      // the text tells them apart.
      if (text.find("no such") == std::string::npos &&
          text.find("no column") == std::string::npos) {
        return {ErrorKind::refused, text};
      }
      return {ErrorKind::misconfigured,
              fmt::format("{} does not have the tables and columns it should: {}", path, text)};
    default:
      return {ErrorKind::internal, text};
  }
}

}  // namespace

struct SqliteSession::Impl {
  std::string path;
  soci::session session;
  SqliteTransaction transaction{session};

  /// Whether the name leads to another file than the open one, or to none. What is written then is
  /// gone with the last process that has it open.
  [[nodiscard]] bool moved() {
    auto* backend = static_cast<soci::sqlite3_session_backend*>(session.get_backend());
    int answer = 0;
    const int asked = sqlite3_file_control(backend->conn_, "main", SQLITE_FCNTL_HAS_MOVED, &answer);
    return asked == SQLITE_OK && answer != 0;
  }

  void roll_back_quietly() {
    try {
      session << "rollback";
    } catch (const soci::soci_error&) {
      // There was no transaction, or SQLite has rolled it back itself.
    }
  }
};

SqliteSession::SqliteSession(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {
}

SqliteSession::~SqliteSession() = default;

Result<std::unique_ptr<SqliteSession>> SqliteSession::open(const std::string& path,
                                                           Missing missing) {
  std::error_code unknown;
  if (missing == Missing::refuse && !std::filesystem::exists(path, unknown)) {
    return fail(
        ErrorKind::misconfigured,
        fmt::format("{} does not exist: run 'autoreply migrate' with the same --database first",
                    path));
  }
  if (path.find('"') != std::string::npos) {
    return fail(ErrorKind::misconfigured, "the path of a SQLite file must not hold a double quote");
  }
  if (std::filesystem::is_directory(path, unknown)) {
    return fail(ErrorKind::unavailable,
                fmt::format("{} is a directory: name the database's file in it", path));
  }
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  try {
    impl->session.open(soci::sqlite3, fmt::format("db=\"{}\"", path));
    impl->session << "pragma busy_timeout = 5000";
    impl->session << "pragma journal_mode = wal";
    impl->session << "pragma synchronous = full";
  } catch (const soci::soci_error& error) {
    return fail(to_error(error, path));
  }
  return std::unique_ptr<SqliteSession>(new SqliteSession(std::move(impl)));
}

Result<void> SqliteSession::in_read_transaction(const std::function<void(SqlTransaction&)>& body) {
  return run("begin", End::commit, body);
}

Result<void> SqliteSession::in_transaction(End end,
                                           const std::function<void(SqlTransaction&)>& body) {
  // Immediate: a transaction that reads first and then finds another writer fails at once, whatever
  // the timeout.
  return run("begin immediate", end, body);
}

Result<void> SqliteSession::run(const char* begin,
                                End end,
                                const std::function<void(SqlTransaction&)>& body) {
  try {
    impl_->session << begin;
    body(impl_->transaction);
    if (impl_->moved()) {
      impl_->roll_back_quietly();
      return fail(ErrorKind::unavailable,
                  fmt::format("{} was moved or deleted while it was in use", impl_->path));
    }
    impl_->session << (end == End::commit ? "commit" : "rollback");
    return {};
  } catch (const soci::soci_error& error) {
    impl_->roll_back_quietly();
    return fail(to_error(error, impl_->path));
  } catch (...) {
    impl_->roll_back_quietly();
    throw;
  }
}

}  // namespace autoreply
