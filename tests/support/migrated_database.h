#pragma once

#include <memory>

#include "support/test_database.h"

namespace autoreply::test {

/// Like `make_test_database`, with all that `migrate` makes in an empty database. On PostgreSQL it
/// is a copy of a template that the first test of a server makes: a copy takes half the time.
[[nodiscard]] std::unique_ptr<TestDatabase> make_migrated_database(DatabaseKind kind);

}  // namespace autoreply::test
