#include "store/sql_queue_inspector.h"

#include <utility>

#include "store/claim_json.h"
#include "store/inspect_json.h"

namespace autoreply {
namespace {

using Tx = SqlTransaction;
using Purpose = SqlDatabase::Purpose;

constexpr int kChangedAtOnce = 1'000;

class SqlQueueInspector final : public QueueInspector {
 public:
  explicit SqlQueueInspector(std::unique_ptr<SqlDatabase> database)
      : database_(std::move(database)) {}

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

  Result<std::string> now() override {
    return read<std::string>([&](Tx& tx) { return tx.run(sql(tx).inspect_now); });
  }

 private:
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
};

}  // namespace

std::unique_ptr<QueueInspector> make_sql_queue_inspector(std::unique_ptr<SqlDatabase> database) {
  return std::make_unique<SqlQueueInspector>(std::move(database));
}

}  // namespace autoreply
