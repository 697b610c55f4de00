#include "store/careful_claims.h"

#include <algorithm>
#include <optional>

namespace autoreply {
namespace {

/// Limits how long one try keeps other runs waiting for the claim lock. Finds about 30 culprits.
constexpr int kStatementsMax = 256;
/// Limits how often a claim tries again while it finds nothing but culprits.
constexpr int kTriesMax = 64;
/// Culprits beyond this number stay candidates, and each claim finds them again.
constexpr std::size_t kLeftOutMax = 1'000;

}  // namespace

Result<std::vector<RefusedJob>> CarefulClaims::claim(
    const Try& try_once, const std::function<Result<void>()>& check_host) {
  for (int tries = 1;; ++tries) {
    statements_left_ = kStatementsMax;
    refused_.clear();
    attempted_.clear();
    taken_ = 0;
    Result<void> done;
    try {
      done = try_once();
    } catch (const HostMisfit& misfit) {
      return fail(misfit.error());
    }
    if (!done) {
      const Error error = done.error();
      if (error.kind == ErrorKind::misconfigured) {
        if (auto fits = check_host(); !fits) return fail(fits.error());
      } else if (error.kind != ErrorKind::refused && error.kind != ErrorKind::internal) {
        return fail(error);
      }
      // If a careful claim is refused while no row is being changed, no row is the culprit.
      if (careful_ && (attempted_.empty() || tries >= kTriesMax)) return fail(error);
      careful_ = true;
      if (attempted_.size() == 1) {
        leave_out({{attempted_.front()}, error.message});
        part_max_ = kPartMax;
      } else if (!attempted_.empty()) {
        part_max_ = attempted_.size() / 2;
      }
      continue;
    }
    for (RefusedJob& job : refused_) leave_out(std::move(job));
    if (taken_ > 0 || refused_.empty() || tries >= kTriesMax) return std::exchange(untold_, {});
  }
}

void CarefulClaims::change(SqlTransaction& transaction,
                           std::span<const std::string> ids,
                           const std::function<void(std::span<const std::string>)>& work) {
  if (!careful_) {
    work(ids);
    return;
  }
  std::vector<std::string> rest;
  for (const std::string& id : ids) {
    if (!known_.contains(id)) rest.push_back(id);
  }
  const std::span<const std::string> all = rest;
  for (std::size_t at = 0; at < all.size(); at += part_max_) {
    change_part(transaction, all.subspan(at, std::min(part_max_, all.size() - at)), work);
  }
}

void CarefulClaims::leave_out(RefusedJob job) {
  if (left_out_.size() < kLeftOutMax && known_.insert(job.id.value).second) {
    left_out_.push_back(job.id.value);
  }
  untold_.push_back(std::move(job));
}

void CarefulClaims::change_part(SqlTransaction& transaction,
                                std::span<const std::string> ids,
                                const std::function<void(std::span<const std::string>)>& work) {
  if (ids.empty() || statements_left_ == 0) return;
  --statements_left_;
  attempted_.assign(ids.begin(), ids.end());
  const std::optional<Error> error = transaction.attempt([&] { work(ids); });
  attempted_.clear();
  if (!error) return;
  if (ids.size() == 1) {
    refused_.push_back({{ids.front()}, error->message});
    return;
  }
  const std::size_t half = ids.size() / 2;
  change_part(transaction, ids.first(half), work);
  change_part(transaction, ids.subspan(half), work);
}

}  // namespace autoreply
