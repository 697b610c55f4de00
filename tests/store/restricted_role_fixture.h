#pragma once

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/uuid.h"
#include "support/store_test.h"

namespace autoreply::test {

/// A separate role with only the rights that a run needs.
class RestrictedRole : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    database().execute(fmt::format("create role \"{}\" login", role_));
    const auto granted = grant_rights(database_config(), role_);
    ASSERT_TRUE(granted) << granted.error().message;
  }

  void TearDown() override {
    if (IsSkipped()) return;
    database().execute(fmt::format("drop owned by \"{0}\"; drop role \"{0}\"", role_));
  }

  std::unique_ptr<JobStore> restricted() {
    DatabaseConfig config = database_config();
    const std::size_t user = config.url.find("://") + 3;
    config.url.replace(user, config.url.find('@') - user, role_);
    auto opened = open_store(config);
    if (!opened) throw std::runtime_error(opened.error().message);
    return std::move(*opened);
  }

  const std::string role_ = "autoreply_" + random_uuid();
};

}  // namespace autoreply::test
