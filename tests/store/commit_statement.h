#pragma once

#include <string>

namespace autoreply::test {

/// The statement `commit` as it is sent, with its terminating NUL, because settings of a
/// transaction contain the word too.
inline const std::string kCommit("commit", sizeof "commit");

}  // namespace autoreply::test
