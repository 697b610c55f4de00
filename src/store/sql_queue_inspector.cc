#include "store/sql_queue_inspector.h"

#include <utility>

#include "store/batch_json.h"
#include "store/claim_json.h"
#include "store/host_check.h"
#include "store/inspect_json.h"

namespace autoreply {
namespace {

using Tx = SqlTransaction;
using Purpose = SqlDatabase::Purpose;

constexpr int kChangedAtOnce = 1'000;

class SqlQueueInspector final : public QueueInspector {
 public:
  SqlQueueInspector(std::unique_ptr<SqlDatabase> database, const DatabaseConfig& config)
      : database_(std::move(database)),
        tables_(config.tables),
        message_types_(message_types_json(config.message_types)) {}

  Result<Checkup> check_up() override {
    return read<Checkup>([&](Tx& tx) {
      Checkup found = parse_checkup(tx.run(sql(tx).inspect_checkup));
      found.columns = table_columns(parse_host(tx.run(sql(tx).read_host)), tables_);
      return found;
    });
  }

  Result<PeriodReport> report(const std::string& since,
                              const std::vector<std::string>& workspaces) override {
    return read<PeriodReport>([&](Tx& tx) {
      return parse_period_report(tx.run(
          sql(tx).inspect_report, {{"since", since}, {"workspaces", texts_json(workspaces)}}));
    });
  }

  Result<QueueStatus> status(const std::vector<std::string>& workspaces) override {
    return read<QueueStatus>([&](Tx& tx) {
      const SqlParameter filter{"job_filter",
                                filter_json({.filter = {.workspace_ids = workspaces}}, {})};
      return parse_queue_status(tx.run(sql(tx).inspect_status, {filter}),
                                tx.run(sql(tx).inspect_errors, {filter}));
    });
  }

  Result<JobList> list(const JobSelection& selection, int limit) override {
    return read<JobList>([&](Tx& tx) {
      return parse_job_list(tx.run(sql(tx).inspect_list,
                                   {{"job_filter", filter_json({.filter = selection.filter}, {})},
                                    {"selection", selection_json(selection)},
                                    {"limit", std::to_string(limit)}}));
    });
  }

  Result<std::optional<JobStory>> show(const std::string& job_id) override {
    return read<std::optional<JobStory>>([&](Tx& tx) {
      return parse_job_story(tx.run(sql(tx).inspect_show, {{"id", job_id}}));
    });
  }

  Result<std::int64_t> count(const JobSelection& selection,
                             const JobChange& change,
                             const std::string& begun_at) override {
    return pick(selection, selection_json(selection, change, begun_at), 0)
        .map([](const PickedJobs& picked) { return picked.count; });
  }

  Result<std::int64_t> change_some(const JobSelection& selection,
                                   const JobChange& change,
                                   const std::string& begun_at) override {
    const std::string chosen = selection_json(selection, change, begun_at);
    const auto picked = pick(selection, chosen, kChangedAtOnce);
    if (!picked) return fail(picked.error());
    if (picked->ids.empty()) return 0;
    std::int64_t changed = 0;
    auto done = database_->transact(Purpose::write, [&](Tx& tx) {
      const bool retries = change.kind == JobChange::Kind::retry;
      const auto ids =
          parse_texts(tx.run(retries ? sql(tx).inspect_retry : sql(tx).inspect_cancel,
                             {{"ids", texts_json(picked->ids)},
                              {"job_filter", filter_json({.filter = selection.filter}, {})},
                              {"selection", chosen}}));
      changed = static_cast<std::int64_t>(ids.size());
    });
    if (!done) return fail(done.error());
    return changed;
  }

  Result<std::int64_t> count_due(const JobFilter& filter) override {
    return read<std::int64_t>([&](Tx& tx) {
      return std::stoll(
          tx.run(sql(tx).inspect_count_due, {{"job_filter", filter_json({.filter = filter}, {})}}));
    });
  }

  Result<std::int64_t> count_purgeable(const PurgeSelection& selection) override {
    return read<std::int64_t>([&](Tx& tx) {
      return std::stoll(tx.run(sql(tx).inspect_purgeable, purge_parameters(selection)));
    });
  }

  Result<PurgedPage> purge_page(const PurgeSelection& selection,
                                const std::string& after) override {
    PurgedPage page;
    auto done = database_->transact(Purpose::write, [&](Tx& tx) {
      std::vector<SqlParameter> parameters = purge_parameters(selection);
      parameters.push_back({"after", after});
      page = parse_purged_page(tx.run(sql(tx).inspect_purge, parameters));
    });
    if (!done) return fail(done.error());
    return page;
  }

  Result<UnansweredMessages> unanswered(const Period& period,
                                        const std::optional<UnansweredMessage>& after,
                                        int limit) override {
    return read<UnansweredMessages>([&](Tx& tx) {
      return parse_unanswered(tx.run(sql(tx).inspect_unanswered,
                                     {{"since", period.since},
                                      {"until", period.until},
                                      {"after", after ? after->position : ""},
                                      {"after_id", after ? after->id : ""},
                                      {"workspaces", texts_json(period.workspace_ids)},
                                      {"contacts", texts_json(period.contact_ids)},
                                      {"message_types", message_types_},
                                      {"limit", std::to_string(limit)}}));
    });
  }

  Result<std::int64_t> enqueue(std::span<const UnansweredMessage> messages) override {
    std::int64_t made = 0;
    auto done = database_->transact(Purpose::write, [&](Tx& tx) {
      made = std::stoll(tx.run(sql(tx).inspect_enqueue, {{"batch", enqueue_batch(messages)}}));
    });
    if (!done) return fail(done.error());
    return made;
  }

  Result<std::string> now(std::chrono::milliseconds ago) override {
    return read<std::string>([&](Tx& tx) {
      return tx.run(sql(tx).inspect_now, {{"ago_ms", std::to_string(ago.count())}});
    });
  }

 private:
  static std::vector<SqlParameter> purge_parameters(const PurgeSelection& selection) {
    return {{"older_ms", std::to_string(selection.older_than.count())},
            {"statuses", texts_json(selection.statuses)},
            {"workspaces", texts_json(selection.workspace_ids)}};
  }

  const Statements& sql(Tx& tx) { return database_->statements(tx); }

  template <class Found, class Read>
  Result<Found> read(const Read& read) {
    Found found;
    auto done = database_->transact(Purpose::inspect, [&](Tx& tx) { found = read(tx); });
    if (!done) return fail(done.error());
    return found;
  }

  Result<PickedJobs> pick(const JobSelection& selection, const std::string& chosen, int limit) {
    return read<PickedJobs>([&](Tx& tx) {
      return parse_picked_jobs(
          tx.run(sql(tx).inspect_pick,
                 {{"job_filter", filter_json({.filter = selection.filter}, {})},
                  {"selection", chosen},
                  {"limit", std::to_string(limit)}}));
    });
  }

  std::unique_ptr<SqlDatabase> database_;
  const TableNames tables_;
  const std::string message_types_;
};

}  // namespace

std::unique_ptr<QueueInspector> make_sql_queue_inspector(std::unique_ptr<SqlDatabase> database,
                                                         const DatabaseConfig& config) {
  return std::make_unique<SqlQueueInspector>(std::move(database), config);
}

}  // namespace autoreply
