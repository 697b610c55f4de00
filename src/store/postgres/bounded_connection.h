#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/outage_clock.h"
#include "store/postgres/connection_string.h"

struct pg_conn;
struct pg_result;

namespace autoreply {

/// A failed connect or statement. It is thrown through the body of a transaction to its session.
class PostgresFailure final : public std::runtime_error {
 public:
  PostgresFailure(Error error, bool lost, std::string sqlstate = {}, std::size_t place = 0)
      : std::runtime_error(error.message),
        error_(std::move(error)),
        lost_(lost),
        sqlstate_(std::move(sqlstate)),
        place_(place) {}

  [[nodiscard]] const Error& error() const { return error_; }
  /// Whether the connection was lost, in which case the statement may or may not have been done.
  [[nodiscard]] bool lost() const { return lost_; }
  /// The server's SQLSTATE, or `kNoServer`; empty if the failure came from elsewhere.
  [[nodiscard]] const std::string& sqlstate() const { return sqlstate_; }
  /// Which statement of a round trip failed: 0 for the first.
  [[nodiscard]] std::size_t place() const { return place_; }

 private:
  Error error_;
  bool lost_;
  std::string sqlstate_;
  std::size_t place_;
};

/// One connection to PostgreSQL on which every round trip ends: with the answer, at its own bound,
/// or at the last moment of a run that is broken off. libpq's blocking calls would wait forever for
/// a peer that is silent but still there, such as a proxy or a frozen server, and TCP keepalive
/// does not notice it. So libpq is used without blocking. One thread at a time. The clock must
/// outlive the connection.
class BoundedConnection final {
 public:
  /// The SQLSTATE of a connect that found no server: the address refuses or does not resolve.
  static constexpr std::string_view kNoServer = "08001";

  using TimePoint = OutageClock::Clock::time_point;

  /// Connects. Each host gets `connect_timeout`. Throws PostgresFailure with the SQLSTATE of the
  /// server's refusal, or with `kNoServer`.
  BoundedConnection(const ConnectionParameters& parameters,
                    std::chrono::milliseconds connect_timeout,
                    const OutageClock& clock);
  ~BoundedConnection();
  BoundedConnection(const BoundedConnection&) = delete;
  BoundedConnection& operator=(const BoundedConnection&) = delete;

  /// Sets how long each following round trip may take; empty: as long as the peer is there.
  void set_bound(std::optional<std::chrono::milliseconds> bound) { bound_ = bound; }

  /// Runs statements, separated by semicolons. Returns the result of the last one: the first column
  /// of its first row as text, empty for NULL or no row; or the tag of a command that returns no
  /// rows, such as "COMMIT". Throws PostgresFailure.
  std::string run(const std::string& statements);

  /// A statement and the values of $1, $2, …; all must outlive the call.
  struct Query {
    const char* sql;
    std::vector<const char*> values;
  };

  /// Runs one statement. Nothing stays prepared in the server's session, so poolers are safe.
  std::string run(const Query& query);

  /// Runs statements in one round trip, and returns the result of each. After one that fails, none
  /// is run. The first `quick` ones must be answered within the bound that is set, and each of the
  /// others within `bound`.
  std::vector<std::string> run_together(std::span<const Query> queries,
                                        std::size_t quick,
                                        std::chrono::milliseconds bound);

 private:
  using PgResult = std::unique_ptr<pg_result, void (*)(pg_result*)>;

  struct Finish {
    void operator()(pg_conn* connection) const;
  };
  using Handle = std::unique_ptr<pg_conn, Finish>;

  [[nodiscard]] static Handle connect(const ConnectionParameters& parameters,
                                      std::chrono::milliseconds timeout,
                                      const OutageClock& clock);
  [[nodiscard]] TimePoint deadline() const;
  bool send(const Query& query);
  void flush(TimePoint deadline);
  [[nodiscard]] PgResult next_result(TimePoint deadline);
  /// Reads the answer to the statement at `place` of a round trip. Keeps the first failure in
  /// `failure`; throws if the connection is lost.
  [[nodiscard]] std::string read_answer(TimePoint deadline,
                                        std::size_t place,
                                        std::optional<PostgresFailure>& failure);
  [[nodiscard]] std::string answer(bool sent, TimePoint deadline);

  const OutageClock& clock_;
  std::optional<std::chrono::milliseconds> bound_;
  Handle connection_;
};

}  // namespace autoreply
