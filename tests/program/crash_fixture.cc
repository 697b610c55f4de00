#include "program/crash_fixture.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "support/loopback.h"

namespace autoreply::test {
namespace {

using std::chrono::steady_clock;
using testing::AnyOf;
using testing::SizeIs;

constexpr std::chrono::milliseconds kWatchPoll{2};

}  // namespace

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* const text = std::getenv(variable);
  return text == nullptr ? otherwise : std::stoull(text);
}

std::uint64_t random_seed() {
  const std::uint64_t seed = number_from("AUTOREPLY_TEST_SEED", std::random_device{}());
  std::cout << "AUTOREPLY_TEST_SEED=" << seed << '\n';
  return seed;
}

void CrashTest::SetUp() {
  ProgramTest::SetUp();
  if (IsSkipped() || HasFatalFailure()) return;
  if (database().is_postgres()) proxy_ = std::make_unique<DatabaseProxy>(database().url());
  set_host(std::make_unique<RecordingHost>(database()));
}

void CrashTest::TearDown() {
  // The stand-in outlives the objects that its answers refer to.
  let_standin_finish();
  standin_.provider.answer_always(Answer{.status = 503});
  standin_.host.answer_always(Answer{.status = 503});
}

void CrashTest::set_host(std::unique_ptr<Host> host) {
  standin_.host.answer_always(
      [host = host.get()](const ReceivedRequest& request) { return host->serve(request); });
  host_ = std::move(host);
}

std::string CrashTest::ask_something() {
  const std::string question = fmt::format("Is table {} free?", questions_.size() + 1);
  std::string id = ask(question);
  questions_[id] = question;
  return id;
}

void CrashTest::ask_several(int count) {
  for (int number = 0; number < count; ++number) ask_something();
}

std::vector<std::string> CrashTest::options(const std::vector<std::string>& more) const {
  std::vector<std::string> all;
  for (const auto& [option, value] : {std::pair<const char*, const char*>{"--concurrency", "2"},
                                      {"--lease", "30s"},
                                      {"--callback-timeout", "10s"},
                                      {"--in-doubt-wait", "10ms"},
                                      {"--backoff-base", "10ms"},
                                      {"--contact-per-minute", "0"},
                                      {"--contact-per-hour", "0"},
                                      {"--workspace-per-minute", "0"}}) {
    if (std::ranges::find(more, option) == more.end()) all.insert(all.end(), {option, value});
  }
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

Process CrashTest::start_victim(const std::vector<std::string>& more) {
  std::vector<std::string> arguments = options(more);
  if (proxy_) arguments.insert(arguments.end(), {"--database", proxy_->url()});
  victim_.expect();
  Process process(run_command(arguments));
  victim_.born(process.pid());
  return process;
}

Exit CrashTest::bury(Process& process, std::chrono::milliseconds bound) {
  Exit exit = process.wait(bound);
  victim_.buried();
  note_what_it_left();
  return exit;
}

void CrashTest::note_what_it_left(bool server_crashed) {
  if (proxy_) proxy_->forget_actions();
  let_standin_finish();
  note_interrupted_generations(server_crashed);
}

void CrashTest::let_standin_finish() {
  const auto deadline = steady_clock::now() + Endpoint::kPatience;
  while (open_connections(standin_.port()) > 0) {
    ASSERT_LT(steady_clock::now(), deadline) << "the stand-in keeps a connection of a dead process";
    std::this_thread::sleep_for(kWatchPoll);
  }
}

void CrashTest::note_interrupted_generations(bool server_crashed) {
  // The mark of a start does not wait for the disk, so a server that crashed may have forgotten it.
  const std::string started = server_crashed ? "" : " and started_at is not null";
  for (const auto& row :
       database().rows("select id, claim_token from ai_response_queue where status = 'processing'" +
                       started + " and ai_log_id is null")) {
    interrupted_.emplace(row.at(0), row.at(1));
  }
}

void CrashTest::free_leases() {
  database().execute(
      fmt::format("update ai_response_queue set lease_until = {0}"
                  " where claim_token is not null and status = 'processing';"
                  "update ai_response_queue set next_attempt_at = {0}"
                  " where status = 'pending' and next_attempt_at > {1}",
                  database().instant(-60),
                  database().instant(0)));
}

int CrashTest::unfinished() {
  return std::stoi(database().value(
      "select count(*) from ai_response_queue where status not in ('complete', 'error')"));
}

void CrashTest::finish_all(const std::vector<std::string>& more) {
  const auto deadline = steady_clock::now() + Endpoint::kPatience;
  std::vector<std::string> arguments = options(more);
  arguments.emplace_back("--drain");
  while (unfinished() > 0) {
    ASSERT_LT(steady_clock::now(), deadline) << rows("ai_response_queue", "status <> 'complete'");
    free_leases();
    // Pretend that other customers are answered, or a job could be kept in doubt until it expires.
    database().execute("update autoreply_breakers set accepted_job = 'another', accepted_at = " +
                       database().instant(1) + " where name like 'callback:%'");
    const RunResult result = run(arguments);
    ASSERT_THAT(result.status, AnyOf(0, 1, 75)) << result.log;
  }
}

void CrashTest::expect_nothing_lost() {
  EXPECT_EQ(nlohmann::json::array(), rows("ai_response_queue", "status <> 'complete'"));
  EXPECT_EQ(questions_.size(), rows("ai_response_queue").size());
}

void CrashTest::expect_each_text_sent_at_most(int times) {
  EXPECT_EQ(nlohmann::json::object(), wrongly_sent(times));
  std::map<std::string, std::set<std::string>> keys;
  for (const ReceivedRequest& request : standin_.host.requests()) {
    keys[parse_json(request.body)["message"]].insert(request.header("idempotency-key"));
  }
  for (const auto& [text, keys_of_text] : keys) EXPECT_THAT(keys_of_text, SizeIs(1)) << text;
}

nlohmann::json CrashTest::wrongly_sent(int times) {
  nlohmann::json wrong = nlohmann::json::object();
  const std::map<std::string, int> sent = host_->sent();
  for (const auto& [text, count] : sent) {
    if (count > times) {
      // The host's rows show when it sent the text, which helps to find out why.
      wrong[text] = {
          count,
          rows("livechat_messages", "direction = 'outbound' and body = " + sql_literal(text))};
    }
  }
  for (const auto& complete : rows("ai_response_queue", "status = 'complete'")) {
    const std::string text = friendly_reply(questions_.at(complete["id"]));
    if (!sent.contains(text)) wrong[text] = 0;
  }
  return wrong;
}

void CrashTest::expect_no_needless_provider_call() {
  std::map<std::string, int> calls;
  for (const ReceivedRequest& request : standin_.provider.requests()) {
    ++calls[last_user_message(request)];
  }
  std::map<std::string, int> allowed;
  for (const auto& [id, question] : questions_) allowed[question] = 1;
  for (const auto& [id, token] : interrupted_) ++allowed[questions_.at(id)];
  for (const auto& [question, count] : calls) {
    EXPECT_LE(count, allowed[question]) << question;
  }
}

}  // namespace autoreply::test
