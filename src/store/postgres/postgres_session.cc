#include "store/postgres/postgres_session.h"

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <soci/postgresql/soci-postgresql.h>

#include "base/text.h"
#include "store/postgres/connection_string.h"
#include "store/soci.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr milliseconds kReconnectPauseFirst{50};
constexpr milliseconds kReconnectPauseMax{2'000};
constexpr std::size_t kMessageBytesMax = 300;

/// The server's text without the statement and its parameters, which can hold message texts and
/// keys. Only the first line: the others (DETAIL) quote values.
std::string server_text(const soci::soci_error& error) {
  const std::string message = error.get_error_message();
  const std::string line = one_line(message.substr(0, message.find('\n')));
  return std::string(utf8_prefix(to_valid_utf8(line), kMessageBytesMax));
}

/// Follows the classes of SQLSTATE, PostgreSQL's appendix A.
ErrorKind kind_of(std::string_view sqlstate) {
  const std::string_view state_class = sqlstate.substr(0, 2);
  if (state_class == "08" || state_class == "53" || state_class == "58") {
    return ErrorKind::unavailable;
  }
  if (sqlstate == "57014" || sqlstate == "55P03" || state_class == "40") return ErrorKind::busy;
  if (state_class == "57" || sqlstate == "25P03") return ErrorKind::unavailable;
  if (state_class == "42" || state_class == "3D" || state_class == "3F" || state_class == "28") {
    return ErrorKind::misconfigured;
  }
  if (state_class == "XX" || state_class == "25") return ErrorKind::internal;
  return ErrorKind::refused;
}

}  // namespace

struct PostgresSession::Impl {
  std::string connection_string;
  milliseconds wait{0};
  soci::session session;
  bool gone = false;

  [[nodiscard]] bool connected() {
    auto* backend = static_cast<soci::postgresql_session_backend*>(session.get_backend());
    return backend != nullptr && backend->conn_ != nullptr &&
           PQstatus(backend->conn_) == CONNECTION_OK;
  }

  void connect() {
    session.close();
    session.open(soci::postgresql, connection_string);
    // A notice of a host's trigger may quote message texts; libpq would print it on stderr.
    auto* backend = static_cast<soci::postgresql_session_backend*>(session.get_backend());
    PQsetNoticeProcessor(
        backend->conn_, [](void* /*context*/, const char* /*notice*/) {}, nullptr);
  }

  /// Tries again with growing pauses until a connection stands or the wait is over.
  [[nodiscard]] Result<void> reconnect(const Error& loss) {
    const auto deadline = SteadyClock::now() + wait;
    milliseconds pause = kReconnectPauseFirst;
    for (;;) {
      try {
        connect();
        return {};
      } catch (const soci::soci_error&) {
        if (SteadyClock::now() + pause > deadline) break;
      }
      std::this_thread::sleep_for(pause);
      pause = std::min(pause * 2, kReconnectPauseMax);
    }
    gone = true;
    return fail(ErrorKind::unavailable,
                fmt::format("the database was lost and did not come back: {}", loss.message));
  }

  Error to_error(const soci::soci_error& error) {
    const std::string text = server_text(error);
    if (!connected()) return {ErrorKind::unavailable, text};
    const auto* server_error = dynamic_cast<const soci::postgresql_soci_error*>(&error);
    if (server_error == nullptr) return {ErrorKind::internal, text};
    const std::string state = server_error->sqlstate();
    return {kind_of(state), fmt::format("{} (SQLSTATE {})", text, state)};
  }

  void roll_back_quietly() {
    if (!connected()) return;
    try {
      session << "rollback";
    } catch (const soci::soci_error&) {
      // The connection is judged at its next use; the server rolls back what it no longer hears of.
    }
  }
};

PostgresSession::PostgresSession(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {
}

PostgresSession::~PostgresSession() = default;

Result<std::unique_ptr<PostgresSession>> PostgresSession::open(std::string_view url,
                                                               milliseconds wait) {
  auto connection_string = normalized_connection_string(url);
  if (!connection_string) return fail(connection_string.error());
  auto impl = std::make_unique<Impl>();
  impl->connection_string = std::move(*connection_string);
  impl->wait = wait;
  try {
    impl->connect();
  } catch (const soci::soci_error& error) {
    return fail(
        ErrorKind::unavailable,
        fmt::format("cannot connect to the database: {}", one_line(error.get_error_message())));
  }
  return std::unique_ptr<PostgresSession>(new PostgresSession(std::move(impl)));
}

Result<void> PostgresSession::in_transaction(const TransactionLimits& limits,
                                             End end,
                                             const std::function<void(SqlTransaction&)>& body) {
  const std::string begin = fmt::format(
      "begin; set local lock_timeout = {}; set local statement_timeout = {}; "
      "set local idle_in_transaction_session_timeout = {}; set local timezone = 'UTC'",
      limits.lock.count(),
      limits.statement.count(),
      limits.idle.count());
  for (;;) {
    if (impl_->gone) return fail(ErrorKind::unavailable, "the database is gone");
    Error error;
    try {
      impl_->session << begin;
      SqlTransaction transaction(impl_->session);
      body(transaction);
      impl_->session << (end == End::commit ? "commit" : "rollback");
      return {};
    } catch (const soci::soci_error& thrown) {
      error = impl_->to_error(thrown);
      impl_->roll_back_quietly();
    } catch (...) {
      impl_->roll_back_quietly();
      throw;
    }
    if (error.kind != ErrorKind::unavailable) return fail(std::move(error));
    if (auto reconnected = impl_->reconnect(error); !reconnected) return reconnected;
  }
}

Result<std::string> PostgresSession::execute_alone(std::string_view sql) {
  try {
    return SqlTransaction(impl_->session).query(sql);
  } catch (const soci::soci_error& error) {
    return fail(impl_->to_error(error));
  }
}

}  // namespace autoreply
