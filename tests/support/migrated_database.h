#pragma once

#include <memory>

#include "support/test_database.h"

namespace autoreply::test {

/// Like `make_test_database`, but already migrated. On PostgreSQL, this copies a template that the
/// server's first test creates: copying takes half the time.
[[nodiscard]] std::unique_ptr<TestDatabase> make_migrated_database(DatabaseKind kind);

}  // namespace autoreply::test
