#include "run/store_batchers.h"

#include <chrono>
#include <iterator>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "base/halving.h"
#include "base/invariant.h"

namespace autoreply {
namespace {

/// Beyond 50 to 100 rows a statement, larger batches gain nothing and delay waiting requests.
constexpr std::size_t kBatchMax = 64;

/// The host may hold a lock for longer than the lock timeout. Another try is worthwhile then,
/// because sent replies must be settled.
constexpr int kTriesMax = 3;

/// How long a batch that hits a row lock is halved further. Halving frees the other rows from the
/// locked one.
constexpr std::chrono::seconds kLockPatience{45};

using WriteRequest = std::variant<RecordRequest, Settlement>;
using WriteReply = std::variant<Recorded, std::monostate>;

/// Converts a store's result into a batcher's reply.
template <class T>
Result<WriteReply> reply_of(Result<T>& result) {
  if (!result) return fail(std::move(result.error()));
  if constexpr (std::is_void_v<T>) {
    return WriteReply();
  } else {
    return WriteReply(std::move(*result));
  }
}

/// Writes a batch of mixed records and settlements in one transaction. Replies in request order.
Result<Results<WriteReply>> write_batch(JobStore& store, std::span<const WriteRequest> requests) {
  std::vector<RecordRequest> records;
  std::vector<Settlement> settlements;
  for (const WriteRequest& request : requests) {
    if (const auto* record = std::get_if<RecordRequest>(&request)) {
      records.push_back(*record);
    } else {
      settlements.push_back(std::get<Settlement>(request));
    }
  }
  auto written = store.write(records, settlements);
  if (!written) return fail(written.error());
  require(
      written->recorded.size() == records.size() && written->settled.size() == settlements.size(),
      "a write was not answered request by request");
  Results<WriteReply> replies;
  replies.reserve(requests.size());
  auto recorded = written->recorded.begin();
  auto settled = written->settled.begin();
  for (const WriteRequest& request : requests) {
    if (std::holds_alternative<RecordRequest>(request)) {
      replies.push_back(reply_of(*recorded++));
    } else {
      replies.push_back(reply_of(*settled++));
    }
  }
  return replies;
}

Result<Results<Reported>> report_batch(JobStore& store, std::span<const BreakerReport> reports) {
  auto reported = count_reports_in(store, reports);
  if (!reported) return fail(reported.error());
  return Results<Reported>(std::make_move_iterator(reported->begin()),
                           std::make_move_iterator(reported->end()));
}

/// Opens its store with the first batch, in the thread that uses it.
class LazyStore final {
 public:
  explicit LazyStore(StoreOpener open) : open_(std::move(open)) {}

  [[nodiscard]] Result<JobStore*> get() {
    if (!store_) {
      auto opened = open_();
      if (!opened) return fail(opened.error());
      store_ = std::move(*opened);
    }
    return store_.get();
  }

 private:
  StoreOpener open_;
  std::unique_ptr<JobStore> store_;
};

/// Wraps a store call as a batcher's work: opens the store, retries and halves batches, and turns
/// exceptions into errors.
template <class Request, class Value, class Call>
auto batch_work(StoreOpener open, std::function<void(const Error&)> on_misfit, Call call) {
  return [store = std::make_shared<LazyStore>(std::move(open)),
          on_misfit = std::move(on_misfit),
          call](std::vector<Request> requests) -> Results<Value> {
    const auto begun = std::chrono::steady_clock::now();
    const auto lies_with_batch = [begun](const Error& error) {
      if (error.kind == ErrorKind::unavailable || error.kind == ErrorKind::misconfigured) {
        return false;
      }
      return error.kind != ErrorKind::busy ||
             std::chrono::steady_clock::now() - begun < kLockPatience;
    };
    const std::function<Result<Results<Value>>(std::span<const Request>)> work =
        [&](std::span<const Request> part) -> Result<Results<Value>> {
      auto opened = store->get();
      if (!opened) return fail(opened.error());
      try {
        auto values = call(**opened, part);
        const int tries_max = part.size() == requests.size() ? kTriesMax : 1;
        for (int tries = 1; !values && values.error().kind == ErrorKind::busy && tries < tries_max;
             ++tries) {
          values = call(**opened, part);
        }
        if (!values && values.error().kind == ErrorKind::misconfigured && on_misfit) {
          on_misfit(values.error());
        }
        return values;
      } catch (const std::exception& error) {
        return fail(ErrorKind::internal, error.what());
      }
    };
    return halve_until_done<Request, Value>(requests, work, lies_with_batch);
  };
}

}  // namespace

struct StoreBatchers::Impl {
  Impl(const StoreOpener& open, const std::function<void(const Error&)>& on_misfit)
      : reader(kBatchMax,
               batch_work<StartRequest, JobContext>(
                   open,
                   on_misfit,
                   [](JobStore& store, std::span<const StartRequest> part) {
                     return store.start(part);
                   })),
        writer(kBatchMax, batch_work<WriteRequest, WriteReply>(open, on_misfit, write_batch)),
        reporter(kBatchMax,
                 batch_work<BreakerReport, Reported>(
                     open, on_misfit, [](JobStore& store, std::span<const BreakerReport> part) {
                       return report_batch(store, part);
                     })) {}

  Batcher<StartRequest, Result<JobContext>> reader;
  Batcher<WriteRequest, Result<WriteReply>> writer;
  Batcher<BreakerReport, Result<Reported>> reporter;
};

StoreBatchers::StoreBatchers(const StoreOpener& open,
                             const std::function<void(const Error&)>& on_misfit)
    : impl_(std::make_unique<Impl>(open, on_misfit)) {
}

StoreBatchers::~StoreBatchers() = default;

Task<Result<JobContext>> StoreBatchers::start(StartRequest request) {
  co_return co_await impl_->reader.call(std::move(request));
}

Task<Result<Recorded>> StoreBatchers::record(RecordRequest request) {
  auto reply = co_await impl_->writer.call(std::move(request));
  if (!reply) co_return fail(reply.error());
  co_return std::get<Recorded>(std::move(*reply));
}

Task<Result<Reported>> StoreBatchers::report(BreakerReport report) {
  co_return co_await impl_->reporter.call(std::move(report));
}

void StoreBatchers::settle_if_held(std::vector<ToSettle> jobs) {
  std::vector<Batcher<WriteRequest, Result<WriteReply>>::Posted> posted;
  posted.reserve(jobs.size());
  for (ToSettle& job : jobs) {
    posted.push_back({std::move(job.settlement),
                      [written = std::move(job.written)](const Result<WriteReply>& reply) {
                        written(reply.map([](const WriteReply&) {}));
                      }});
  }
  impl_->writer.post_all(std::move(posted));
}

}  // namespace autoreply
