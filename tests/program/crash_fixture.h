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

/// The number in an environment variable, so that a test can be run longer or repeated exactly;
/// what it says without one.
[[nodiscard]] std::uint64_t number_from(const char* variable, std::uint64_t otherwise);

/// Where a test's random choices begin; printed, so that AUTOREPLY_TEST_SEED can repeat them.
[[nodiscard]] std::uint64_t random_seed();

/// Runs that are killed, and the accounts that must add up afterwards: no job lost, no provider
/// call paid twice without need, no text sent twice.
///
/// Each job has a question and so a reply of its own. Nothing waits for leases: `free_leases` moves
/// them into the past.
class CrashTest : public ProgramTest {
 protected:
  void SetUp() override;
  void TearDown() override;

  /// A RecordingHost, unless the test asked for another before any run.
  [[nodiscard]] Host& host() { return *host_; }
  void set_forgetful_host() { set_host(std::make_unique<ForgetfulHost>()); }
  /// Null on SQLite. In front of the database for `start_victim`.
  [[nodiscard]] DatabaseProxy* proxy() { return proxy_.get(); }

  std::string ask_something();
  void ask_several(int count);

  /// Options of every run here: short waits, and nothing that holds jobs back. `more` stands in
  /// place of ours.
  [[nodiscard]] std::vector<std::string> options(const std::vector<std::string>& more = {}) const;

  /// A run whose sessions go through the proxy and which `victim_` may kill.
  [[nodiscard]] Process start_victim(const std::vector<std::string>& more = {});
  /// Waits for its end and keeps the accounts.
  Exit bury(Process& process, std::chrono::milliseconds bound = Process::kBound);
  /// The second half of that, for those who must bring the database back first.
  void note_what_it_left();

  /// Lets other runs take over what dead ones held, and what waits, at once.
  void free_leases();
  /// Runs again until no job is left to do.
  void finish_all(const std::vector<std::string>& more = {});
  [[nodiscard]] int unfinished();

  void expect_nothing_lost();
  /// The host sent the text of every complete job, and none twice; each under one key.
  void expect_each_text_sent_once() { expect_each_text_sent_at_most(1); }
  void expect_each_text_sent_at_most(int times);
  /// One call a job, and one more for every kill that found it started and not recorded.
  void expect_no_needless_provider_call();

  Victim victim_;

 private:
  void set_host(std::unique_ptr<Host> host);
  /// Waits until the stand-in has dealt with all that a dead process had sent to it.
  void let_standin_finish();
  void note_interrupted_generations();

  /// How often a text was sent beyond that, and which of complete jobs never.
  [[nodiscard]] nlohmann::json wrongly_sent(int times);

  std::unique_ptr<Host> host_;
  std::unique_ptr<DatabaseProxy> proxy_;
  std::map<std::string, std::string> questions_;               ///< job to its message
  std::set<std::pair<std::string, std::string>> interrupted_;  ///< job and claim token
};

}  // namespace autoreply::test
