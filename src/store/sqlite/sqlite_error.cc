#include "store/sqlite/sqlite_error.h"

#include <cstddef>

#include <fmt/format.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <sqlite3.h>

#include "base/text.h"
#include "store/soci.h"

namespace autoreply {
namespace {

constexpr std::size_t kMessageBytesMax = 200;

/// SQLite's message, without the function name that SOCI puts before it.
std::string sqlite_text(const soci::soci_error& error) {
  std::string text = one_line(error.get_error_message());
  if (text.starts_with("sqlite3_")) {
    const std::size_t end = text.find(": ");
    if (end != std::string::npos) text.erase(0, end + 2);
  }
  return std::string(utf8_prefix(to_valid_utf8(text), kMessageBytesMax));
}

}  // namespace

// SOCI keeps SQLite's primary result code; its own error category is always "unknown".
Error sqlite_error(const soci::soci_error& error, const std::string& path) {
  const std::string text = sqlite_text(error);
  const auto* from_sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&error);
  switch (from_sqlite != nullptr ? from_sqlite->result() : SQLITE_INTERNAL) {
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
              fmt::format("the disk that holds {} is full, free some space on it: {}", path, text)};
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
      return {ErrorKind::unavailable, fmt::format("{} is not a valid SQLite file: {}", path, text)};
    case SQLITE_IOERR:
      return {ErrorKind::unavailable,
              fmt::format("{} cannot be read or written, check its disk and the limits on file "
                          "sizes: {}",
                          path,
                          text)};
    case SQLITE_ERROR:
      // The code is the same for a missing column and for data on which a statement or trigger
      // fails. Only the text tells them apart.
      if (text.find("no such") == std::string::npos &&
          text.find("no column") == std::string::npos) {
        return {ErrorKind::refused, text};
      }
      return {ErrorKind::misconfigured,
              fmt::format("{} lacks required tables or columns: {}", path, text)};
    default:
      return {ErrorKind::internal, text};
  }
}

}  // namespace autoreply
