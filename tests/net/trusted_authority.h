#pragma once

#include "support/test_authority.h"

namespace autoreply::test {

/// The authority whose certificates this program of tests trusts. There is one, because a process
/// reads only once what to trust.
[[nodiscard]] TestAuthority& trusted_authority();

}  // namespace autoreply::test
