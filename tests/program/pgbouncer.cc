#include "program/pgbouncer.h"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <map>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>
#include <libpq-fe.h>
#include <unistd.h>

#include "support/endpoint.h"
#include "support/loopback.h"
#include "support/postgres_connection.h"

namespace autoreply::test {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kPoolerPoll{20};

/// The parts of a connection URL by libpq's names. Parts that the URL does not give are missing.
std::map<std::string, std::string> parts_of(const std::string& url) {
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> options(
      PQconninfoParse(url.c_str(), nullptr), PQconninfoFree);
  if (!options) throw std::runtime_error("the database's URL cannot be read");
  std::map<std::string, std::string> parts;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) parts[option->keyword] = option->val;
  }
  return parts;
}

}  // namespace

PgBouncer::PgBouncer(const std::string& database_url) {
  std::string pattern = (fs::temp_directory_path() / "autoreply-pgbouncer-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no directory for PgBouncer");
  directory_ = pattern;
  fs::permissions(directory_, fs::perms::all);

  const auto parts = parts_of(database_url);
  const int port = free_port();
  std::string target;
  for (const char* name : {"host", "port", "dbname", "user", "password"}) {
    if (parts.contains(name)) target += fmt::format("{}='{}' ", name, parts.at(name));
  }
  std::ofstream(directory_ / "pgbouncer.ini") << fmt::format(
      "[databases]\n"
      "pooled = {}\n"
      "[pgbouncer]\n"
      "listen_addr = 127.0.0.1\n"
      "listen_port = {}\n"
      "unix_socket_dir =\n"
      "auth_type = any\n"
      "pool_mode = transaction\n"
      "default_pool_size = 2\n"
      "max_db_connections = 2\n",
      target,
      port);
  // PgBouncer refuses to run as root.
  process_ =
      std::make_unique<Process>(Command{.arguments = {(directory_ / "pgbouncer.ini").string()},
                                        .program = "/usr/sbin/pgbouncer",
                                        .directory = directory_.string(),
                                        .user = "postgres"});
  url_ = fmt::format("postgresql://anybody@127.0.0.1:{}/pooled", port);
  wait_until_it_answers();
}

PgBouncer::~PgBouncer() {
  process_.reset();
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

void PgBouncer::wait_until_it_answers() {
  const auto deadline = std::chrono::steady_clock::now() + Endpoint::kPatience;
  for (;;) {
    try {
      PostgresConnection(url_).run("select 1");
      return;
    } catch (const std::runtime_error&) {
      if (std::chrono::steady_clock::now() > deadline) throw;
    }
    std::this_thread::sleep_for(kPoolerPoll);
  }
}

}  // namespace autoreply::test
