#include "support/postgres_server.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>

#include "support/loopback.h"
#include "support/postgres_connection.h"

namespace autoreply::test {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kPoll{20};
constexpr std::chrono::seconds kPatience{60};

/// The server refuses to run as root.
constexpr const char* kUser = "postgres";

/// Returns the folder with the newest version's programs; empty if there is none.
fs::path programs() {
  fs::path newest;
  std::error_code none;
  for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", none)) {
    const fs::path found = version.path() / "bin";
    if (fs::exists(found / "initdb")) newest = std::max(newest, found);
  }
  return newest;
}

}  // namespace

bool PostgresServer::is_installed() {
  return !programs().empty();
}

PostgresServer::PostgresServer(Empty /*empty*/) : port_(free_port()) {
  std::string pattern = (fs::temp_directory_path() / "autoreply-server-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no directory for PostgreSQL");
  directory_ = pattern;
  fs::permissions(directory_, fs::perms::all);
  url_ = fmt::format("postgresql://postgres@127.0.0.1:{}/postgres", port_);
}

PostgresServer::PostgresServer() : PostgresServer(Empty{}) {
  const Exit made = run_to_end({.arguments = {"--pgdata=data",
                                              "--encoding=UTF8",
                                              "--locale=C.UTF-8",
                                              "--auth=trust",
                                              "--username=postgres",
                                              "--no-sync"},
                                .program = (programs() / "initdb").string(),
                                .directory = directory_.string(),
                                .user = kUser});
  if (made.status != 0) throw std::runtime_error("initdb: " + made.err);
  start();
}

std::unique_ptr<PostgresServer> PostgresServer::standby_of(const PostgresServer& primary) {
  std::unique_ptr<PostgresServer> standby(new PostgresServer(Empty{}));
  const Exit copied = run_to_end({.arguments = {"--pgdata=data",
                                                "--dbname=" + primary.url(),
                                                "--write-recovery-conf",
                                                "--checkpoint=fast",
                                                "--no-sync"},
                                  .program = (programs() / "pg_basebackup").string(),
                                  .directory = standby->directory_.string(),
                                  .user = kUser});
  if (copied.status != 0) throw std::runtime_error("pg_basebackup: " + copied.err);
  standby->start();
  return standby;
}

void PostgresServer::promote() {
  PostgresConnection(url_).run("select pg_promote()");
}

PostgresServer::~PostgresServer() {
  if (process_) stop_immediately();
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

void PostgresServer::stop_immediately() {
  process_->send(SIGQUIT);
  static_cast<void>(process_->wait());
  process_.reset();
}

void PostgresServer::start() {
  // Written data survives the process without fsync; only a machine failure would lose it.
  process_ = std::make_unique<Process>(Command{.arguments = {"-D",
                                                             "data",
                                                             "-p",
                                                             std::to_string(port_),
                                                             "-k",
                                                             directory_.string(),
                                                             "-c",
                                                             "listen_addresses=127.0.0.1",
                                                             "-c",
                                                             "fsync=off"},
                                               .program = (programs() / "postgres").string(),
                                               .directory = directory_.string(),
                                               .user = kUser});
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  for (;;) {
    try {
      PostgresConnection(url_).run("select 1");
      return;
    } catch (const std::runtime_error&) {
      if (std::chrono::steady_clock::now() > deadline) throw;
    }
    std::this_thread::sleep_for(kPoll);
  }
}

}  // namespace autoreply::test
