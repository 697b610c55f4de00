#pragma once

namespace autoreply {

/// How many of the longest due rows a claim looks at. The first window holds a few rows of each
/// contact; where busy contacts fill it, the claim looks again with a wider one, until it has its
/// jobs or has seen all that is due. So the cost follows the batch, and no row is ever hidden
/// behind a busy contact.
class ClaimWindow final {
 public:
  explicit ClaimWindow(int jobs_wanted) : rows_(kRowsPerJob * jobs_wanted) {
    if (rows_ < kRowsMin) rows_ = kRowsMin;
  }

  [[nodiscard]] long long rows() const { return rows_; }
  [[nodiscard]] bool all_seen(long long rows_considered) const { return rows_considered < rows_; }
  void widen() { rows_ *= kGrowth; }

 private:
  static constexpr long long kRowsMin = 256;
  static constexpr long long kRowsPerJob = 4;
  static constexpr long long kGrowth = 8;

  long long rows_;
};

}  // namespace autoreply
