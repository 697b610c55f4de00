#include "support/test_database.h"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include "base/uuid.h"
#include "support/postgres_connection.h"

namespace autoreply::test {
namespace {

using Rows = std::vector<std::vector<std::string>>;

class SqliteTestDatabase final : public TestDatabase {
 public:
  SqliteTestDatabase() {
    std::string pattern = (std::filesystem::temp_directory_path() / "autoreply-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
      throw std::runtime_error("no temporary directory: " + pattern);
    }
    directory_ = pattern;
    open((directory_ / "test.db").string());
  }

  explicit SqliteTestDatabase(const std::string& path) { open(path); }

  ~SqliteTestDatabase() override {
    sqlite3_close(connection_);
    std::error_code ignored;
    if (!directory_.empty()) std::filesystem::remove_all(directory_, ignored);
  }

  SqliteTestDatabase(const SqliteTestDatabase&) = delete;
  SqliteTestDatabase& operator=(const SqliteTestDatabase&) = delete;

  const std::string& url() const override { return url_; }
  DatabaseKind kind() const override { return DatabaseKind::sqlite; }

  std::unique_ptr<TestDatabase> another_session() const override {
    return std::make_unique<SqliteTestDatabase>(path_);
  }

  void execute(const std::string& sql) override { run(sql, nullptr); }

  Rows rows(const std::string& sql) override {
    Rows result;
    run(sql, &result);
    return result;
  }

  std::string instant(int seconds_from_now) const override {
    return fmt::format("strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '{} seconds')", seconds_from_now);
  }

  std::string seconds_between(std::string_view earlier, std::string_view later) const override {
    return fmt::format("round((julianday({}) - julianday({})) * 86400, 2)", later, earlier);
  }

 private:
  void open(const std::string& path) {
    path_ = path;
    url_ = "sqlite:" + path;
    if (sqlite3_open(path.c_str(), &connection_) != SQLITE_OK) {
      throw std::runtime_error(sqlite3_errmsg(connection_));
    }
    constexpr int kBusyTimeoutMs = 10'000;
    sqlite3_busy_timeout(connection_, kBusyTimeoutMs);
  }

  void run(const std::string& sql, Rows* rows) {
    char* error = nullptr;
    const auto collect = [](void* context, int columns, char** texts, char** /*names*/) {
      if (auto* collected = static_cast<Rows*>(context)) {
        auto& row = collected->emplace_back();
        for (int column = 0; column < columns; ++column) {
          row.emplace_back(texts[column] != nullptr ? texts[column] : "");
        }
      }
      return 0;
    };
    if (sqlite3_exec(connection_, sql.c_str(), collect, rows, &error) != SQLITE_OK) {
      const std::string message = fmt::format("{}\n{}", error != nullptr ? error : "failed", sql);
      sqlite3_free(error);
      throw std::runtime_error(message);
    }
  }

  std::filesystem::path directory_;  ///< empty: another object's
  std::string path_;
  std::string url_;
  sqlite3* connection_ = nullptr;
};

class PostgresTestDatabase final : public TestDatabase {
 public:
  PostgresTestDatabase(std::string server_url, const std::string& original)
      : server_url_(std::move(server_url)),
        name_(fmt::format("autoreply_{}", random_uuid())),
        url_(with_database(server_url_, name_)) {
    PostgresConnection(server_url_)
        .run(fmt::format("create database \"{}\" template \"{}\"", name_, original));
    connect();
  }

  struct Existing {
    std::string url;
  };
  explicit PostgresTestDatabase(Existing existing) : url_(std::move(existing.url)) { connect(); }

  ~PostgresTestDatabase() override {
    connection_.reset();
    if (name_.empty()) return;
    try {
      PostgresConnection(server_url_).run(fmt::format("drop database \"{}\" with (force)", name_));
    } catch (const std::exception&) {
      // The server is deleted with everything in it.
    }
  }

  PostgresTestDatabase(const PostgresTestDatabase&) = delete;
  PostgresTestDatabase& operator=(const PostgresTestDatabase&) = delete;

  const std::string& url() const override { return url_; }
  DatabaseKind kind() const override { return DatabaseKind::postgres; }
  std::unique_ptr<TestDatabase> another_session() const override {
    return std::make_unique<PostgresTestDatabase>(Existing{url_});
  }
  void reconnect() override { connect(); }
  void execute(const std::string& sql) override { connection_->run(sql); }
  Rows rows(const std::string& sql) override { return connection_->run(sql); }

  std::string instant(int seconds_from_now) const override {
    return fmt::format("(clock_timestamp() + interval '{} seconds')", seconds_from_now);
  }

  std::string seconds_between(std::string_view earlier, std::string_view later) const override {
    return fmt::format("round(extract(epoch from {} - {}), 2)", later, earlier);
  }

 private:
  void connect() {
    connection_ = std::make_unique<PostgresConnection>(url_);
    connection_->run("set timezone = 'UTC'");  // for columns without a time zone
  }

  std::string server_url_;
  std::string name_;  ///< empty: another object's
  std::string url_;
  std::unique_ptr<PostgresConnection> connection_;
};

}  // namespace

std::string_view to_string(DatabaseKind kind) {
  return kind == DatabaseKind::sqlite ? "sqlite" : "postgres";
}

std::ostream& operator<<(std::ostream& out, DatabaseKind kind) {
  return out << to_string(kind);
}

std::string TestDatabase::value(const std::string& sql) {
  const Rows found = rows(sql);
  return found.empty() || found.front().empty() ? "" : found.front().front();
}

std::unique_ptr<TestDatabase> make_test_database(DatabaseKind kind) {
  if (kind == DatabaseKind::sqlite) return std::make_unique<SqliteTestDatabase>();
  const char* server_url = std::getenv("AUTOREPLY_TEST_POSTGRES");
  if (server_url == nullptr || *server_url == '\0') {
    if (std::getenv("AUTOREPLY_TEST_REQUIRE_POSTGRES") != nullptr) {
      throw std::runtime_error(
          "AUTOREPLY_TEST_REQUIRE_POSTGRES is set, AUTOREPLY_TEST_POSTGRES is not");
    }
    return nullptr;
  }
  return make_postgres_database(server_url);
}

std::unique_ptr<TestDatabase> make_postgres_database(const std::string& server_url,
                                                     const std::string& original) {
  return std::make_unique<PostgresTestDatabase>(server_url, original);
}

std::string with_database(const std::string& url, const std::string& name) {
  const std::size_t slash = url.find('/', url.find("://") + 3);
  const std::size_t parameters = url.find('?');
  return url.substr(0, std::min(slash, parameters)) + "/" + name +
         (parameters == std::string::npos ? "" : url.substr(parameters));
}

std::string sql_literal(std::string_view text) {
  std::string literal = "'";
  for (const char character : text) {
    if (character == '\'') literal += '\'';
    literal += character;
  }
  return literal + "'";
}

}  // namespace autoreply::test
