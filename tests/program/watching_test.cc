// What those see who watch the runs: metrics, pings and the summary in a file.

#include <atomic>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <sstream>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <httplib.h>
#include <unistd.h>

#include "program/program_fixture.h"
#include "support/loopback.h"

namespace autoreply::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::string text_in(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// An HTTP server that takes every POST and remembers it.
class Watcher final {
 public:
  Watcher() {
    server_.Post(".*", [this](const httplib::Request& request, httplib::Response& response) {
      const std::scoped_lock lock(mutex_);
      paths_.push_back(request.path);
      bodies_.push_back(request.body);
      response.status = status;
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
  }
  ~Watcher() {
    server_.stop();
    thread_.join();
  }
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  [[nodiscard]] std::string url(const std::string& path) const {
    return fmt::format("http://127.0.0.1:{}{}", port_, path);
  }
  std::vector<std::string> paths() {
    const std::scoped_lock lock(mutex_);
    return paths_;
  }
  std::vector<std::string> bodies() {
    const std::scoped_lock lock(mutex_);
    return bodies_;
  }

  std::atomic<int> status{200};

 private:
  httplib::Server server_;
  int port_ = 0;
  std::mutex mutex_;  // guards paths_ and bodies_
  std::vector<std::string> paths_;
  std::vector<std::string> bodies_;
  std::thread thread_;
};

class Watching : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    fs::create_directory(directory_);
  }
  void TearDown() override { fs::remove_all(directory_); }

  const fs::path directory_ =
      fs::temp_directory_path() / fmt::format("autoreply-watching-{}", getpid());
};
INSTANTIATE_TEST_SUITE_P(, Watching, testing::Values(DatabaseKind::sqlite), [](const auto& tested) {
  return std::string(to_string(tested.param));
});

TEST_P(Watching, WritesMetricsThatPrometheusReads) {
  const std::string file = directory_ / "autoreply.prom";
  ask_many(2);
  ASSERT_EQ(0, run({"--metrics-file", file}).status);
  const std::string first = text_in(file);
  EXPECT_THAT(first,
              AllOf(HasSubstr(R"(autoreply_jobs{outcome="completed",reason=""} 2)"),
                    HasSubstr("autoreply_tokens 300\n"),
                    HasSubstr(R"(autoreply_provider_latency_seconds_count{provider="openai"} 2)"),
                    HasSubstr("autoreply_last_success_timestamp_seconds ")));
  const Exit checked =
      run_to_end({.arguments = {"-c", "promtool check metrics < " + file}, .program = "/bin/sh"});
  EXPECT_EQ(0, checked.status);
  EXPECT_EQ("", checked.out + checked.err);

  ask("Will this fail?");
  standin_.provider.answer_always(Answer{.status = 500});
  ASSERT_EQ(75, run({"--metrics-file", file}).status);
  const std::string second = text_in(file);
  EXPECT_THAT(second, HasSubstr(R"(autoreply_jobs{outcome="retried",reason="generate"} 1)"));
  const auto success = [](const std::string& text) {
    return text.substr(text.find("\nautoreply_last_success"), 60);
  };
  EXPECT_EQ(success(first), success(second)) << "the last success survives a failure";
  EXPECT_EQ(1, std::distance(fs::directory_iterator(directory_), fs::directory_iterator()))
      << "no temporary file is left";
}

TEST_P(Watching, PingsAtTheStartAndAtTheEnd) {
  Watcher watcher;
  ask("Are you open?");
  EXPECT_EQ(0, run({"--ping-url", watcher.url("/ping/abc?x=1")}).status);
  EXPECT_THAT(watcher.paths(), ElementsAre("/ping/abc/start", "/ping/abc/0"));
  EXPECT_THAT(watcher.bodies().back(), HasSubstr(R"("completed":1)"));

  const Exit failed = run_to_end(
      run_command({"--ping-url", watcher.url("/ping/abc"), "--database", "sqlite:none.db"}));
  EXPECT_EQ(78, failed.status);
  EXPECT_EQ("/ping/abc/78", watcher.paths().back()) << "a run that could not begin";
  EXPECT_THAT(watcher.bodies().back(), HasSubstr(R"("error")"));
}

TEST_P(Watching, PushesMetrics) {
  Watcher watcher;
  ask("Are you open?");
  EXPECT_EQ(0, run({"--pushgateway", watcher.url("/")}).status);
  ASSERT_THAT(watcher.paths(), ElementsAre("/metrics/job/autoreply"));
  EXPECT_THAT(watcher.bodies().back(), HasSubstr("autoreply_claimed_jobs 1\n"));
  EXPECT_EQ(0, run({"--pushgateway", watcher.url("/metrics/job/a/instance/b")}).status);
  EXPECT_EQ("/metrics/job/a/instance/b", watcher.paths().back());
}

/// Debian's Pushgateway on a free port.
class Pushgateway final {
 public:
  Pushgateway()
      : process_({.arguments = {fmt::format("--web.listen-address=127.0.0.1:{}", port_)},
                  .program = "prometheus-pushgateway"}) {
    httplib::Client client("127.0.0.1", port_);
    for (int tries = 0; tries < 600; ++tries) {
      const auto answer = client.Get("/-/ready");
      if (answer && answer->status == 200) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    ADD_FAILURE() << "the Pushgateway does not start";
  }

  [[nodiscard]] std::string url() const { return fmt::format("http://127.0.0.1:{}", port_); }
  [[nodiscard]] std::string metrics() const {
    const auto answer = httplib::Client("127.0.0.1", port_).Get("/metrics");
    return answer ? answer->body : "";
  }

 private:
  const int port_ = free_port();
  Process process_;
};

TEST_P(Watching, PushesToARealPushgateway) {
  const Pushgateway gateway;
  ask("Are you open?");
  ASSERT_EQ(0, run({"--pushgateway", gateway.url()}).status);
  EXPECT_THAT(gateway.metrics(),
              HasSubstr(R"(autoreply_claimed_jobs{instance="",job="autoreply"} 1)"));
  ask("Will this fail?");
  standin_.provider.answer_always(Answer{.status = 500});
  ASSERT_EQ(75, run({"--pushgateway", gateway.url()}).status);
  EXPECT_THAT(
      gateway.metrics(),
      AllOf(HasSubstr(R"(autoreply_exit_status{instance="",job="autoreply"} 75)"),
            HasSubstr(R"(autoreply_last_success_timestamp_seconds{instance="",job="autoreply"})")))
      << "the last success survives a failure";
}

TEST_P(Watching, WritesTheSummaryIntoAFile) {
  const std::string file = directory_ / "termination-log";
  std::ofstream(file) << "what the kubelet made";
  const RunResult result = run({"--summary-file", file});
  EXPECT_EQ(result.summary, parse_json(text_in(file)));
}

TEST_P(Watching, ChangesNoOutcome) {
  ask("Are you open?");
  Watcher watcher;
  watcher.status = 500;
  const RunResult result = run({"--ping-url",
                                watcher.url("/ping"),
                                "--pushgateway",
                                "http://127.0.0.1:1/",
                                "--metrics-file",
                                "/nowhere/autoreply.prom",
                                "--summary-file",
                                "/nowhere/summary"});
  EXPECT_EQ(0, result.status);
  EXPECT_EQ(1, result["completed"]);
  EXPECT_THAT(result.log,
              AllOf(HasSubstr("watcher_not_told"),
                    HasSubstr("option=--ping-url"),
                    HasSubstr("option=--pushgateway"),
                    HasSubstr("metrics_not_written"),
                    HasSubstr("summary_not_written")));
}

}  // namespace
}  // namespace autoreply::test
