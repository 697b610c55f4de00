#include "store/postgres/bounded_connection.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <new>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/text.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;
using Clock = OutageClock::Clock;
using TimePoint = BoundedConnection::TimePoint;

constexpr std::size_t kMessageBytesMax = 300;

std::string limited(std::string_view text) {
  return std::string(utf8_prefix(to_valid_utf8(one_line(text)), kMessageBytesMax));
}

/// Follows the classes of SQLSTATE, PostgreSQL's appendix A.
ErrorKind kind_of(std::string_view sqlstate) {
  const std::string_view state_class = sqlstate.substr(0, 2);
  // The server is gone, out of space or connections, or became a read-only standby.
  if (state_class == "08" || state_class == "53" || state_class == "58" || sqlstate == "25006") {
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

[[noreturn]] void throw_lost(std::string message, std::string sqlstate = {}) {
  throw PostgresFailure({ErrorKind::unavailable, std::move(message)}, true, std::move(sqlstate));
}

/// Finds the SQLSTATE in the text of a failed connect, since libpq gives no other access to it.
/// With verbose errors the text reads "FATAL:  57P03: the database system is starting up".
std::string sqlstate_in(std::string_view text) {
  constexpr std::string_view kBefore = ":  ";
  constexpr std::size_t kLength = 5;
  for (std::size_t at = text.find(kBefore); at != std::string_view::npos;
       at = text.find(kBefore, at + 1)) {
    const std::string_view rest = text.substr(at + kBefore.size());
    const std::string_view state = rest.substr(0, kLength);
    const bool is_state = std::ranges::all_of(state, [](char character) {
      return (character >= '0' && character <= '9') || (character >= 'A' && character <= 'Z');
    });
    if (is_state && rest.substr(std::min(kLength, rest.size())).starts_with(": ")) {
      return std::string(state);
    }
  }
  return "";
}

/// libpq's text about a failed connect, without the location in the server's source.
std::string connect_text(std::string_view text) {
  std::string kept;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (!line.starts_with("LOCATION:")) kept.append(line).append("\n");
  }
  return limited(kept);
}

/// Throws the meaning of a failed connect. `on_the_way`: no server had been reached yet.
[[noreturn]] void throw_not_connected(std::string_view text, bool on_the_way) {
  // libpq reports bad parameter values at the same point; these texts tell the two apart.
  const bool no_server = on_the_way && (text.starts_with("connection to server") ||
                                        text.starts_with("could not translate host name"));
  throw_lost(connect_text(text),
             no_server ? std::string(BoundedConnection::kNoServer) : sqlstate_in(text));
}

/// Waits until the socket is ready for `events`, or throws at the deadline. Looks at the clock
/// again if the run is broken off in the meantime.
short wait_for(int socket, short events, TimePoint deadline, const OutageClock& clock) {
  if (socket < 0) throw_lost("the connection to the database is closed");
  for (;;) {
    const TimePoint last_moment = clock.last_moment();
    const TimePoint until = std::min(deadline, last_moment);
    std::array<pollfd, 2> files{pollfd{socket, events, 0},
                                pollfd{clock.break_off_file(), POLLIN, 0}};
    // Once the run is broken off, the file stays readable and says nothing new.
    if (last_moment != TimePoint::max()) files[1].fd = -1;
    int timeout = -1;
    if (until != TimePoint::max()) {
      constexpr milliseconds kPollMax{3'600'000};
      const auto left = std::chrono::ceil<milliseconds>(until - Clock::now());
      timeout = static_cast<int>(std::clamp(left, milliseconds{0}, kPollMax).count());
    }
    const int ready = poll(files.data(), files.size(), timeout);
    if (ready < 0 && errno != EINTR) throw_lost("cannot poll the connection to the database");
    if (ready > 0 && files[0].revents != 0) return files[0].revents;
    // Checked last, so that a process that was itself suspended finds an answer that has come in
    // the meantime.
    if (Clock::now() >= until) {
      throw_lost(until == deadline ? "the database does not answer"
                                   : "the database did not answer before the run had to end");
    }
  }
}

/// The meaning of a failed result. The text is only the server's first line, because the others
/// (DETAIL, CONTEXT) quote values.
PostgresFailure failure_of(const PGconn* connection, const PGresult* result, std::size_t place) {
  const char* const sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* const severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  const char* const primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  // The server ends the session after FATAL. libpq makes up results without a SQLSTATE if the
  // connection is gone.
  const bool lost = PQstatus(connection) == CONNECTION_BAD || sqlstate == nullptr ||
                    (severity != nullptr && std::string_view(severity) != "ERROR");
  const std::string text = limited(primary != nullptr ? primary : PQresultErrorMessage(result));
  if (sqlstate == nullptr) return {{ErrorKind::unavailable, text}, lost};
  return {{lost ? ErrorKind::unavailable : kind_of(sqlstate),
           fmt::format("{} (SQLSTATE {})", text, sqlstate)},
          lost,
          sqlstate,
          place};
}

}  // namespace

void BoundedConnection::Finish::operator()(pg_conn* connection) const {
  // PQfinish sends a farewell; a peer that does not read must not block it.
  if (const int socket = PQsocket(connection);
      socket >= 0 && PQtransactionStatus(connection) != PQTRANS_IDLE) {
    shutdown(socket, SHUT_RDWR);
  }
  PQfinish(connection);
}

BoundedConnection::Handle BoundedConnection::connect(const ConnectionParameters& parameters,
                                                     milliseconds timeout,
                                                     const OutageClock& clock) {
  std::vector<const char*> names;
  std::vector<const char*> values;
  for (const auto& [name, value] : parameters.values) {
    names.push_back(name.c_str());
    values.push_back(value.c_str());
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  Handle handle(PQconnectStartParams(names.data(), values.data(), 0));
  if (!handle) throw std::bad_alloc();
  // A notice from a host's trigger may quote message texts, and libpq would print it on stderr.
  PQsetNoticeProcessor(
      handle.get(), [](void* /*context*/, const char* /*notice*/) {}, nullptr);
  PQsetErrorVerbosity(handle.get(), PQERRORS_VERBOSE);
  const TimePoint deadline = Clock::now() + timeout;
  PostgresPollingStatusType next =
      PQstatus(handle.get()) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
  bool on_the_way = true;
  while (next != PGRES_POLLING_OK && next != PGRES_POLLING_FAILED) {
    const short events = next == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    wait_for(PQsocket(handle.get()), events, deadline, clock);
    const ConnStatusType status = PQstatus(handle.get());
    on_the_way = status == CONNECTION_STARTED || status == CONNECTION_NEEDED;
    next = PQconnectPoll(handle.get());
  }
  if (next == PGRES_POLLING_FAILED) throw_not_connected(PQerrorMessage(handle.get()), on_the_way);
  PQsetErrorVerbosity(handle.get(), PQERRORS_DEFAULT);
  PQsetnonblocking(handle.get(), 1);
  return handle;
}

BoundedConnection::BoundedConnection(const ConnectionParameters& parameters,
                                     milliseconds connect_timeout,
                                     const OutageClock& clock)
    : clock_(clock) {
  // libpq goes on to the next host by itself if one refuses, but not if one is silent.
  const std::size_t hosts = parameters.host_count();
  for (std::size_t first = 0;; ++first) {
    const TimePoint begun = Clock::now();
    try {
      connection_ = connect(parameters.beginning_with_host(first), connect_timeout, clock);
      return;
    } catch (const PostgresFailure&) {
      const bool silent = Clock::now() - begun >= connect_timeout;
      if (first + 1 >= hosts || !silent) throw;
    }
  }
}

BoundedConnection::~BoundedConnection() = default;

BoundedConnection::TimePoint BoundedConnection::deadline() const {
  return bound_ ? Clock::now() + *bound_ : TimePoint::max();
}

std::string BoundedConnection::run(const std::string& statements) {
  const TimePoint until = deadline();
  return answer(PQsendQuery(connection_.get(), statements.c_str()) == 1, until);
}

std::string BoundedConnection::run(const Query& query) {
  const TimePoint until = deadline();
  return answer(send(query), until);
}

std::vector<std::string> BoundedConnection::run_together(std::span<const Query> queries,
                                                         std::size_t quick,
                                                         milliseconds bound) {
  TimePoint until = deadline();
  bool sent = PQenterPipelineMode(connection_.get()) == 1;
  for (std::size_t place = 0; place < queries.size(); ++place) {
    sent = sent && send(queries[place]);
    // Without this request, the server sends all its answers at the end. Each has its own bound.
    const bool is_awaited = place + 1 >= quick && place + 1 < queries.size();
    if (is_awaited) sent = sent && PQsendFlushRequest(connection_.get()) == 1;
  }
  sent = sent && PQpipelineSync(connection_.get()) == 1;
  if (!sent) throw_lost(limited(PQerrorMessage(connection_.get())));
  flush(until);
  std::vector<std::string> texts;
  std::optional<PostgresFailure> failure;
  for (std::size_t place = 0; place < queries.size(); ++place) {
    if (place >= quick) until = Clock::now() + bound;
    texts.push_back(read_answer(until, place, failure));
  }
  const PgResult end = next_result(until);
  if (PQresultStatus(end.get()) != PGRES_PIPELINE_SYNC ||
      PQexitPipelineMode(connection_.get()) == 0) {
    throw_lost(limited(PQerrorMessage(connection_.get())));
  }
  if (failure) throw PostgresFailure(*failure);
  return texts;
}

bool BoundedConnection::send(const Query& query) {
  return PQsendQueryParams(connection_.get(),
                           query.sql,
                           static_cast<int>(query.values.size()),
                           nullptr,
                           query.values.data(),
                           nullptr,
                           nullptr,
                           0) == 1;
}

void BoundedConnection::flush(TimePoint deadline) {
  for (;;) {
    const int left = PQflush(connection_.get());
    if (left == 0) return;
    // On an error, `answer` reads what the server said before it went away.
    if (left < 0) return;
    const short ready = wait_for(PQsocket(connection_.get()), POLLIN | POLLOUT, deadline, clock_);
    if ((ready & POLLIN) != 0 && PQconsumeInput(connection_.get()) == 0) return;
  }
}

BoundedConnection::PgResult BoundedConnection::next_result(TimePoint deadline) {
  while (PQisBusy(connection_.get()) != 0) {
    wait_for(PQsocket(connection_.get()), POLLIN, deadline, clock_);
    // If the connection is gone, PQgetResult says so.
    if (PQconsumeInput(connection_.get()) == 0) break;
  }
  return {PQgetResult(connection_.get()), &PQclear};
}

std::string BoundedConnection::read_answer(TimePoint deadline,
                                           std::size_t place,
                                           std::optional<PostgresFailure>& failure) {
  std::string text;
  for (PgResult result = next_result(deadline); result; result = next_result(deadline)) {
    switch (PQresultStatus(result.get())) {
      case PGRES_TUPLES_OK: {
        const bool any = PQntuples(result.get()) > 0 && PQnfields(result.get()) > 0;
        text = any ? PQgetvalue(result.get(), 0, 0) : "";
        break;
      }
      case PGRES_COMMAND_OK:
      case PGRES_EMPTY_QUERY:
        text = PQcmdStatus(result.get());
        break;
      case PGRES_PIPELINE_ABORTED:  // after an earlier statement's failure
        break;
      default:
        if (!failure) failure = failure_of(connection_.get(), result.get(), place);
        if (failure->lost()) throw PostgresFailure(*failure);
    }
  }
  if (PQstatus(connection_.get()) == CONNECTION_BAD) {
    throw_lost(limited(PQerrorMessage(connection_.get())));
  }
  return text;
}

std::string BoundedConnection::answer(bool sent, TimePoint deadline) {
  if (!sent) throw_lost(limited(PQerrorMessage(connection_.get())));
  flush(deadline);
  std::optional<PostgresFailure> failure;
  std::string text = read_answer(deadline, 0, failure);
  if (failure) throw PostgresFailure(*failure);
  return text;
}

}  // namespace autoreply
