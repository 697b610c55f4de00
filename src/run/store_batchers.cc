#include "run/store_batchers.h"

#include <chrono>
#include <iterator>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "base/halving.h"

namespace autoreply {
namespace {

/// 50 to 100 rows a statement is the knee: more gain nothing, and delay those that wait.
constexpr std::size_t kBatchMax = 64;

/// A lock of the host that lasts longer than the lock timeout is worth another try: what was sent
/// is to be settled.
constexpr int kTriesMax = 3;

/// For so long a batch that meets a lock is taken apart, so that one row that somebody else holds
/// does not cost the others their settlement.
constexpr std::chrono::seconds kLockPatience{45};

using Started = std::optional<JobContext>;
using WriteRequest = std::variant<RecordRequest, Settlement>;
using WriteReply = std::variant<std::optional<Recorded>, bool>;

/// Does one batch of mixed records and settlements in one transaction, replies in their order.
Result<std::vector<WriteReply>> write_batch(JobStore& store,
                                            std::span<const WriteRequest> requests) {
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
  std::vector<WriteReply> replies;
  replies.reserve(requests.size());
  auto recorded = written->recorded.begin();
  auto settled = written->settled.begin();
  for (const WriteRequest& request : requests) {
    if (std::holds_alternative<RecordRequest>(request)) {
      replies.emplace_back(std::move(*recorded++));
    } else {
      replies.emplace_back(static_cast<bool>(*settled++));
    }
  }
  return replies;
}

/// A store that is opened with the first batch, by the thread that will use it.
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

/// Wraps one call on a store as a batcher's work: opening, halving, and no exception.
template <class Request, class Value, class Call>
auto batch_work(StoreOpener open, std::function<void(const Error&)> on_misfit, Call call) {
  return [store = std::make_shared<LazyStore>(std::move(open)),
          on_misfit = std::move(on_misfit),
          call](std::vector<Request> requests) -> std::vector<Result<Value>> {
    const auto begun = std::chrono::steady_clock::now();
    const auto lies_with_batch = [begun](const Error& error) {
      if (error.kind == ErrorKind::unavailable || error.kind == ErrorKind::misconfigured) {
        return false;
      }
      return error.kind != ErrorKind::busy ||
             std::chrono::steady_clock::now() - begun < kLockPatience;
    };
    const std::function<Result<std::vector<Value>>(std::span<const Request>)> work =
        [&](std::span<const Request> part) -> Result<std::vector<Value>> {
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
               batch_work<StartRequest, Started>(
                   open,
                   on_misfit,
                   [](JobStore& store, std::span<const StartRequest> part) {
                     return store.start(part);
                   })),
        writer(kBatchMax, batch_work<WriteRequest, WriteReply>(open, on_misfit, write_batch)),
        reporter(kBatchMax,
                 batch_work<BreakerReport, Reported>(
                     open, on_misfit, [](JobStore& store, std::span<const BreakerReport> part) {
                       return store.report(part);
                     })) {}

  Batcher<StartRequest, Result<Started>> reader;
  Batcher<WriteRequest, Result<WriteReply>> writer;
  Batcher<BreakerReport, Result<Reported>> reporter;
};

StoreBatchers::StoreBatchers(const StoreOpener& open,
                             const std::function<void(const Error&)>& on_misfit)
    : impl_(std::make_unique<Impl>(open, on_misfit)) {
}

StoreBatchers::~StoreBatchers() = default;

Result<std::optional<JobContext>> StoreBatchers::start(StartRequest request) {
  return impl_->reader.submit(std::move(request));
}

Result<std::optional<Recorded>> StoreBatchers::record(RecordRequest request) {
  auto reply = impl_->writer.submit(std::move(request));
  if (!reply) return fail(reply.error());
  return std::get<std::optional<Recorded>>(std::move(*reply));
}

Result<Reported> StoreBatchers::report(BreakerReport report) {
  return impl_->reporter.submit(std::move(report));
}

Result<bool> StoreBatchers::settle(Settlement settlement) {
  std::vector<Settlement> settlements;
  settlements.push_back(std::move(settlement));
  return std::move(settle_all(std::move(settlements)).front());
}

std::vector<Result<bool>> StoreBatchers::settle_all(std::vector<Settlement> settlements) {
  std::vector<WriteRequest> requests(std::make_move_iterator(settlements.begin()),
                                     std::make_move_iterator(settlements.end()));
  std::vector<Result<bool>> results;
  for (Result<WriteReply>& reply : impl_->writer.submit_all(std::move(requests))) {
    if (reply) {
      results.emplace_back(std::get<bool>(*reply));
    } else {
      results.push_back(fail(reply.error()));
    }
  }
  return results;
}

}  // namespace autoreply
