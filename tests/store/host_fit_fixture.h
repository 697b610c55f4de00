#pragma once

#include <string>

#include <gtest/gtest.h>

#include "support/store_test.h"

namespace autoreply::test {

/// A claim of a due job meets tables that do not fit.
class HostFit : public StoreTest {
 protected:
  std::string misfit() {
    const auto claim = claim_from(store(), claim_request());
    if (claim) return "";
    EXPECT_EQ(ErrorKind::misconfigured, claim.error().kind) << claim.error().message;
    EXPECT_EQ(std::string::npos, claim.error().message.find('\n'));
    EXPECT_EQ("0",
              database().value("select count(*) from ai_response_queue "
                               "where claim_token is not null or status <> 'pending'"));
    return claim.error().message;
  }
};

}  // namespace autoreply::test
