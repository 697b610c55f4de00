#include "store/sqlite/sqlite_session.h"

#include <chrono>
#include <filesystem>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <sqlite3.h>

#include "store/soci.h"
#include "store/sqlite/sqlite_error.h"
#include "store/sqlite/sqlite_transaction.h"
#include "store/sqlite/wait_for_lock.h"

namespace autoreply {
namespace {

/// Without the log, readers would wait for writers, and runs on other machines would go unnoticed.
Error no_write_ahead_log(const std::string& path) {
  return {ErrorKind::misconfigured,
          fmt::format("{} is on a file system that cannot hold SQLite's write-ahead log, such as a "
                      "network share: put it on a local disk, or use PostgreSQL",
                      path)};
}

/// Whether the last statement failed because the file system cannot share memory or locks between
/// processes. A full disk fails differently (SQLITE_IOERR_SHMSIZE).
bool cannot_share_memory(sqlite_api::sqlite3* connection) {
  switch (sqlite3_extended_errcode(connection)) {
    case SQLITE_PROTOCOL:
    case SQLITE_IOERR_SHMOPEN:
    case SQLITE_IOERR_SHMLOCK:
    case SQLITE_IOERR_SHMMAP:
      return true;
    default:
      return false;
  }
}

}  // namespace

struct SqliteSession::Impl {
  std::string path;
  WaitForLock wait_for_lock;  // outlives the session
  soci::session session;
  SqliteTransaction transaction{session};

  [[nodiscard]] sqlite_api::sqlite3* connection() {
    return static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_;
  }

  /// Makes the file keep a write-ahead log. Returns false if the file system cannot hold one. If
  /// two processes do so at once, SQLite lets one of them fail without asking the handler for
  /// locks, since each holds a part of what the other needs. So the waiting is done here.
  bool keep_write_ahead_log() {
    constexpr std::chrono::milliseconds kPause{10};
    const auto deadline = std::chrono::steady_clock::now() + WaitForLock::kLongestWait;
    wait_for_lock.set_patient(false);
    std::string mode;
    while (mode.empty()) {
      try {
        session << "pragma journal_mode = wal", soci::into(mode);
      } catch (const soci::soci_error&) {
        constexpr int kPrimary = 0xFF;
        const bool is_locked = (sqlite3_errcode(connection()) & kPrimary) == SQLITE_BUSY;
        if (!is_locked || std::chrono::steady_clock::now() > deadline) throw;
        std::this_thread::sleep_for(kPause);
      }
    }
    wait_for_lock.set_patient(true);
    return mode == "wal";
  }

  /// Whether the path now names another file than the open one, or none. Writes would then be lost
  /// when the last process closes the open file.
  [[nodiscard]] bool moved() {
    int answer = 0;
    const int asked = sqlite3_file_control(connection(), "main", SQLITE_FCNTL_HAS_MOVED, &answer);
    return asked == SQLITE_OK && answer != 0;
  }

  void roll_back_quietly() {
    try {
      session << "rollback";
    } catch (const soci::soci_error&) {
      // There was no transaction, or SQLite has already rolled it back.
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
    return fail(ErrorKind::misconfigured,
                "the path of a SQLite file must not contain a double quote");
  }
  if (std::filesystem::is_directory(path, unknown)) {
    return fail(ErrorKind::unavailable,
                fmt::format("{} is a directory: give the path of the database file", path));
  }
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  try {
    impl->session.open(soci::sqlite3, fmt::format("db=\"{}\"", path));
    sqlite3_busy_handler(impl->connection(), &WaitForLock::handle, &impl->wait_for_lock);
    if (!impl->keep_write_ahead_log()) return fail(no_write_ahead_log(path));
    impl->session << "pragma synchronous = full";
  } catch (const soci::soci_error& error) {
    const bool is_open = impl->session.get_backend() != nullptr;
    if (is_open && cannot_share_memory(impl->connection())) return fail(no_write_ahead_log(path));
    return fail(sqlite_error(error, path));
  }
  return std::unique_ptr<SqliteSession>(new SqliteSession(std::move(impl)));
}

Result<void> SqliteSession::in_read_transaction(const std::function<void(SqlTransaction&)>& body) {
  return run("begin", End::commit, body);
}

Result<void> SqliteSession::in_transaction(End end,
                                           const std::function<void(SqlTransaction&)>& body) {
  // Immediate, because a transaction that reads first and then meets another writer fails at once,
  // whatever the timeout.
  return run("begin immediate", end, body);
}

Result<void> SqliteSession::in_transaction_if_free(
    const std::function<void(SqlTransaction&)>& body) {
  impl_->wait_for_lock.set_patient(false);
  auto done = in_transaction(End::commit, body);
  impl_->wait_for_lock.set_patient(true);
  return done;
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
    return fail(sqlite_error(error, impl_->path));
  } catch (...) {
    impl_->roll_back_quietly();
    throw;
  }
}

}  // namespace autoreply
