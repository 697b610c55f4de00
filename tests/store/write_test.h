#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "support/store_test.h"

namespace autoreply::test {

/// Matches the result of a request whose token no longer holds.
MATCHER(IsLost, "") {
  return !arg && arg.error().kind == ErrorKind::token_lost;
}

/// Matches the result of a request that succeeded.
MATCHER(IsDone, "") {
  return arg.has_value();
}

/// Tests `write` with one claimed job.
class WriteTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    job_ = host().job();
    claimed_ = claim_one(job_.id);
  }

  /// Lets another claim take the job, so the token of `claimed_` no longer holds.
  ClaimedJob taken_over() {
    set(job_.id, "lease_until = " + database().instant(-1));
    return claim_one(job_.id);
  }

  std::string log(std::string_view column) {
    return database().value(fmt::format(
        "select {} from ai_response_logs where id = {}", column, sql_literal(log_id_of(claimed_))));
  }

  std::string log_count() { return database().value("select count(*) from ai_response_logs"); }

  Written write(const std::vector<RecordRequest>& records,
                const std::vector<Settlement>& settlements) {
    auto written = store().write(records, settlements);
    if (!written) throw std::runtime_error(written.error().message);
    return std::move(*written);
  }

  HostJob job_;
  ClaimedJob claimed_;
};

}  // namespace autoreply::test
