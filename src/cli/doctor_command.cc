#include "cli/doctor_command.h"

#include <chrono>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/output.h"
#include "cli/doctor_rules.h"
#include "cli/run_rules.h"
#include "deliver/callback.h"
#include "net/http_client.h"
#include "store/database.h"
#include "store/database_url.h"

namespace autoreply {
namespace {

using Level = Diagnosis::Level;

class Doctor final {
 public:
  Doctor(const GlobalOptions& global, const RunOptions& options)
      : global_(global), options_(options) {}

  std::vector<Diagnosis> run() {
    if (check_database()) {
      if (const auto checkup = check_contents()) check_workspaces(checkup->workspaces);
    }
    check_callback();
    return std::move(found_);
  }

  std::vector<Diagnosis> run_on_database() {
    auto store = open_store(global_.database);
    if (store) note_error((*store)->check_host(), "columns");
    check_contents();
    std::erase_if(found_, [](const Diagnosis& one) { return one.level == Level::ok; });
    // The role that migrates may have fewer rights than that of the runs.
    for (Diagnosis& one : found_) {
      if (one.level == Level::wrong) one.level = Level::note;
    }
    return std::move(found_);
  }

 private:
  void note(Diagnosis diagnosis) { found_.push_back(std::move(diagnosis)); }
  void note(std::vector<Diagnosis> more) {
    std::move(more.begin(), more.end(), std::back_inserter(found_));
  }
  /// Returns whether all is well.
  bool note_error(const Result<void>& done, const char* about) {
    if (!done) note({Level::wrong, about, done.error().message});
    return done.has_value();
  }

  bool check_database() {
    DatabaseConfig config = global_.database;
    config.reply_chars_max = static_cast<int>(options_.reply_chars_max);
    auto opened = open_store(config);
    if (!opened) return note_error(fail(opened.error()), "database");
    store_ = std::move(*opened);
    if (!note_error(store_->check_ready(), "database")) return false;
    if (!note_error(store_->check_host(), "columns")) return false;
    note({Level::ok, "database", database_label(config.url)});
    if (const auto facts = connection_facts(config)) note(diagnose_connection(*facts));
    return true;
  }

  std::optional<Checkup> check_contents() {
    auto inspector = open_inspector(global_.database);
    if (!inspector) {
      note_error(fail(inspector.error()), "database");
      return std::nullopt;
    }
    auto checkup = (*inspector)->check_up();
    if (!checkup) {
      note_error(fail(checkup.error()), "database");
      return std::nullopt;
    }
    note(diagnose_clock(*checkup, std::chrono::system_clock::now()));
    note(diagnose_values(*checkup, global_.database.message_types, options_));
    note(diagnose_queue(*checkup, options_));
    if (const auto status = (*inspector)->status({})) note(diagnose_status(*status));
    return std::move(*checkup);
  }

  void check_workspaces(const std::vector<std::string>& workspaces) {
    auto settings = generate_settings(options_);
    if (!settings) {
      note_error(fail(settings.error()), "prices");
      return;
    }
    const Generator generator(std::move(*settings));
    std::vector<WorkspaceTerms> terms;
    const auto read = store_->read_claims([&](ClaimStatements& statements) {
      terms = statements.terms(workspaces, options_.limits);
    });
    if (note_error(read, "workspaces")) note(diagnose_workspaces(terms, generator));
  }

  void check_callback() {
    if (options_.callback_url.empty()) {
      note({Level::wrong,
            "callback",
            "--callback-url is missing",
            "give the URL of the host's /send-sms on the command line, in AUTOREPLY_CALLBACK_URL "
            "or in the --config file"});
      return;
    }
    Loop loop;
    HttpClient http(loop);
    const Callback callback({.url = options_.callback_url,
                             .token = options_.callback_token,
                             .timeout = send_timeout(options_)});
    note(diagnose_callback(loop.run(callback.probe(http)),
                           callback_peer(options_.callback_url, options_.callback_token).label));
  }

  const GlobalOptions& global_;
  const RunOptions& options_;
  std::unique_ptr<JobStore> store_;
  std::vector<Diagnosis> found_;
};

}  // namespace

std::vector<Diagnosis> database_findings(const GlobalOptions& global) {
  const RunOptions defaults;
  return Doctor(global, defaults).run_on_database();
}

ExitStatus doctor_command(const GlobalOptions& global, const RunOptions& options) {
  const std::vector<Diagnosis> found = Doctor(global, options).run();
  const ExitStatus status = is_anything_wrong(found) ? ExitStatus::misconfigured : ExitStatus::ok;
  print_out(global.output == OutputFormat::json ? diagnoses_json(found, static_cast<int>(status))
                                                : diagnoses_text(found));
  return status;
}

}  // namespace autoreply
