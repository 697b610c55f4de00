#include "support/fake_store.h"

#include <memory>
#include <utility>

#include <fmt/format.h>

namespace autoreply::test {

using Operation = FakeDatabase::Operation;

namespace {

struct InTransaction final {
  explicit InTransaction(std::atomic<bool>& now) : flag(now) { flag = true; }
  ~InTransaction() { flag = false; }
  InTransaction(const InTransaction&) = delete;
  InTransaction& operator=(const InTransaction&) = delete;

  std::atomic<bool>& flag;
};

}  // namespace

class FakeStore final : public JobStore {
 public:
  explicit FakeStore(FakeDatabase& database) : database_(database) {}

  Result<Idleness> look() override { return Idleness::busy; }

  Result<void> check_ready() override { return {}; }
  Result<void> check_host() override { return {}; }

  Result<std::vector<RefusedJob>> claim(const ClaimBody& body) override {
    return done<std::vector<RefusedJob>>(Operation::claim, [&] {
      body(database_.queue);
      return std::vector<RefusedJob>{};
    });
  }

  Result<void> preview_claim(const ClaimBody& body) override {
    const std::scoped_lock lock(database_.mutex_);
    const std::vector<FakeQueue::Row> rows = database_.queue.rows;
    const std::string turn = database_.queue.turn;
    const InTransaction in_transaction(database_.in_transaction);
    body(database_.queue);
    database_.queue.rows = rows;
    database_.queue.turn = turn;
    return {};
  }

  Result<void> read_claims(const ClaimBody& body) override {
    auto read = done<bool>(Operation::count, [&] {
      body(database_.queue);
      return true;
    });
    if (!read) return fail(read.error());
    return {};
  }

  Result<Results<JobContext>> start(std::span<const StartRequest> requests) override {
    return done<Results<JobContext>>(Operation::start, [&] {
      Results<JobContext> contexts;
      for (const StartRequest& request : requests) {
        if (!holds(request.held)) {
          contexts.push_back(lost());
          continue;
        }
        note("start", request.held.id);
        contexts.emplace_back(database_.context_of(request.held.id.value));
      }
      return contexts;
    });
  }

  Result<std::vector<bool>> renew(std::span<const HeldJob> jobs,
                                  std::chrono::milliseconds /*lease*/) override {
    const std::scoped_lock lock(database_.mutex_);
    std::vector<bool> renewed;
    for (const HeldJob& job : jobs) renewed.push_back(holds(job));
    return renewed;
  }

  Result<Written> write(std::span<const RecordRequest> records,
                        std::span<const Settlement> settlements) override {
    return done<Written>(Operation::write, [&] {
      Written written;
      for (const RecordRequest& request : records) written.recorded.push_back(recorded(request));
      for (const Settlement& settlement : settlements) {
        written.settled.push_back(settled(settlement));
      }
      return written;
    });
  }

  Result<void> update_breakers(const BreakersToLock& wanted, const BreakerBody& body) override {
    auto updated = done<bool>(Operation::breakers, [&] {
      database_.queue.write_breakers(body(database_.queue.lock_breakers(wanted)));
      return true;
    });
    if (!updated) return fail(updated.error());
    return {};
  }

  Result<void> note_accepted(std::span<const AcceptedPeer> peers) override {
    auto noted = done<bool>(Operation::accepted, [&] {
      for (const AcceptedPeer& one : peers) database_.accepted.push_back(one.peer.name);
      return true;
    });
    if (!noted) return fail(noted.error());
    return {};
  }

  Result<std::vector<JobId>> put_back(std::span<const WrongedJob> jobs,
                                      const std::string& /*reason*/) override {
    const std::scoped_lock lock(database_.mutex_);
    std::vector<JobId> ids;
    for (const WrongedJob& job : jobs) {
      FakeQueue::Row& row = database_.queue.row(job.id.value);
      if (row.claimed || (!row.over && !row.waits)) continue;
      row.over = row.waits = false;
      ids.push_back(job.id);
    }
    return ids;
  }

  Result<void> drop_stale_rows() override { return {}; }
  Result<bool> forget_breaker(const std::string& /*name*/) override { return false; }
  Result<void> write_holds(std::span<const Hold> /*holds*/,
                           const std::vector<std::string>& /*workspaces*/,
                           bool /*are_all*/) override {
    return {};
  }
  Result<void> begin_run(const std::string& /*options_json*/,
                         std::chrono::milliseconds /*alive_for*/) override {
    return {};
  }
  Result<void> end_run(const RunEnd& /*end*/) override { return {}; }

 private:
  template <class T>
  Result<T> done(Operation operation, const std::function<T()>& work) {
    database_.before(operation);
    const std::scoped_lock lock(database_.mutex_);
    if (auto error = database_.failure_of(operation)) return fail(*error);
    const InTransaction in_transaction(database_.in_transaction);
    return work();
  }

  static tl::unexpected<Error> lost() {
    return fail(ErrorKind::token_lost, "another claim has taken over");
  }

  [[nodiscard]] bool holds(const HeldJob& held) const {
    const FakeQueue::Row& row = database_.queue.row(held.id.value);
    return row.claimed && row.token == held.token;
  }

  void note(const std::string& what, const JobId& id) {
    database_.history.push_back(what + " " + id.value);
  }

  Result<Recorded> recorded(const RecordRequest& request) {
    if (!holds(request.held)) return lost();
    note(request.transmits ? "record" : "keep", request.held.id);
    JobContext& context = database_.context_of(request.held.id.value);
    if (request.reply) context.recorded = RecordedReply{request.log_id, request.reply->text};
    database_.queue.row(request.held.id.value).recorded = true;
    Recorded recorded{.text = context.recorded->text,
                      .conditions = {.age = context.age, .contact = context.contact},
                      .at = database_.queue.now};
    database_.on_record(recorded);
    return recorded;
  }

  Result<void> settled(const Settlement& settlement) {
    if (auto error = database_.failure_of(Operation::settle)) return fail(*error);
    if (!holds({settlement.id, settlement.token})) return lost();
    note("settle " + std::string(to_string(settlement.outcome)), settlement.id);
    database_.settlements.insert_or_assign(settlement.id.value, settlement);
    FakeQueue::Row& row = database_.queue.row(settlement.id.value);
    row.claimed = false;
    row.attempts = settlement.attempts;
    row.over = settlement.status() != "pending";
    row.waits = settlement.due != Settlement::Due::unchanged;
    return {};
  }

  FakeDatabase& database_;
};

StoreOpener FakeDatabase::opener() {
  return [this]() -> Result<std::unique_ptr<JobStore>> {
    const std::scoped_lock lock(mutex_);
    ++stores_opened;
    return std::make_unique<FakeStore>(*this);
  };
}

void FakeDatabase::fail_next(Operation operation, ErrorKind kind, int times) {
  failures_[operation] = {kind, times};
}

JobContext& FakeDatabase::context_of(const std::string& job_id) {
  const auto [found, is_new] = contexts_.try_emplace(job_id);
  JobContext& context = found->second;
  if (!is_new) return context;
  const FakeQueue::Row& row = queue.row(job_id);
  context.started_at = queue.now;
  context.original = Message{.id = "message of " + job_id,
                             .workspace_id = row.workspace_id,
                             .contact_id = row.contact_id,
                             .direction = "inbound",
                             .body = "When do you open?"};
  context.contact = Contact{
      .workspace_id = row.workspace_id, .phone_number = "+15550001111", .conversation_status = ""};
  context.config = WorkspaceConfig{.workspace_id = row.workspace_id,
                                   .provider = "openai",
                                   .model = "gpt-4o-mini",
                                   .api_key = "sk-of-" + row.workspace_id};
  if (row.recorded) context.recorded = RecordedReply{"log of " + job_id, "We open at 7."};
  return context;
}

std::optional<Error> FakeDatabase::failure_of(Operation operation) {
  const auto found = failures_.find(operation);
  if (found == failures_.end() || found->second.times == 0) return std::nullopt;
  --found->second.times;
  return Error{found->second.kind, "the fake database says so"};
}

}  // namespace autoreply::test
