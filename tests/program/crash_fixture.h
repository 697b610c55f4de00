#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "program/hosts.h"
#include "program/program_fixture.h"
#include "program/victim.h"
#include "support/database_proxy.h"

namespace autoreply::test {

/// The number in an environment variable, or `otherwise` if it is not set. The variables lengthen a
/// test or repeat it exactly.
[[nodiscard]] std::uint64_t number_from(const char* variable, std::uint64_t otherwise);

/// The seed of a test's random choices. It is printed, so AUTOREPLY_TEST_SEED can repeat them.
[[nodiscard]] std::uint64_t random_seed();

/// Runs that are killed. Afterwards the accounts must add up: no job is lost, no provider call is
/// paid twice without need, no text is sent twice.
///
/// Each job has its own question and therefore its own reply. Nothing waits for leases, because
/// `free_leases` moves them into the past.
class CrashTest : public ProgramTest {
 protected:
  void SetUp() override;
  void TearDown() override;

  /// A RecordingHost, unless the test set another host before any run.
  [[nodiscard]] Host& host() { return *host_; }
  void set_forgetful_host() { set_host(std::make_unique<ForgetfulHost>()); }
  /// The proxy before the database that `start_victim` uses; null on SQLite.
  [[nodiscard]] DatabaseProxy* proxy() { return proxy_.get(); }

  std::string ask_something();
  void ask_several(int count);

  /// The options of every run here: short waits, and nothing that holds jobs back. Options in
  /// `more` replace them.
  [[nodiscard]] std::vector<std::string> options(const std::vector<std::string>& more = {}) const;

  /// Starts a run that uses the proxy and that `victim_` may kill.
  [[nodiscard]] Process start_victim(const std::vector<std::string>& more = {});
  /// Waits for the end of the process and keeps the accounts.
  Exit bury(Process& process, std::chrono::milliseconds bound = Process::kBound);
  /// The second half of `bury`, for tests that must bring the database back first.
  void note_what_it_left(bool server_crashed = false);

  /// Lets other runs take over at once what dead runs held and what waits.
  void free_leases();
  /// Runs again until no job is left to do.
  void finish_all(const std::vector<std::string>& more = {});
  [[nodiscard]] int unfinished();

  void expect_nothing_lost();
  /// Expects that the host sent the text of every complete job, each under one key and none twice.
  void expect_each_text_sent_once() { expect_each_text_sent_at_most(1); }
  void expect_each_text_sent_at_most(int times);
  /// Expects at most one call for each job, and one more for each kill that found the job started
  /// but not recorded.
  void expect_no_needless_provider_call();

  Victim victim_;

 private:
  void set_host(std::unique_ptr<Host> host);
  /// Waits until the stand-in has handled everything that a dead process sent to it.
  void let_standin_finish();
  void note_interrupted_generations(bool server_crashed);

  /// The texts that were sent more often than `times`, and the texts of complete jobs that were
  /// never sent.
  [[nodiscard]] nlohmann::json wrongly_sent(int times);

  std::unique_ptr<Host> host_;
  std::unique_ptr<DatabaseProxy> proxy_;
  std::map<std::string, std::string> questions_;               ///< job to its message
  std::set<std::pair<std::string, std::string>> interrupted_;  ///< job and claim token
};

}  // namespace autoreply::test
