#include "net/trusted_authority.h"

#include <cstdlib>

#include <gtest/gtest.h>

namespace autoreply::test {
namespace {

/// Names the certificates to trust before any test of the process makes a client.
class TrustsTheAuthority final : public testing::Environment {
 public:
  void SetUp() override { setenv("SSL_CERT_FILE", trusted_authority().bundle().c_str(), 1); }
  void TearDown() override { unsetenv("SSL_CERT_FILE"); }
};
const testing::Environment* const kEnvironment =
    testing::AddGlobalTestEnvironment(new TrustsTheAuthority);

}  // namespace

TestAuthority& trusted_authority() {
  static TestAuthority the_authority;
  return the_authority;
}

}  // namespace autoreply::test
