// Whom an encrypted connection trusts.

#include <chrono>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "net/trusted_authority.h"
#include "support/blocking_client.h"
#include "support/test_authority.h"
#include "support/tls_server.h"

namespace autoreply {
namespace {

using test::TestAuthority;
using test::TlsServer;
using test::trusted_authority;

HttpResult post(const TlsServer& server) {
  HttpRequest request;
  request.url = fmt::format("https://localhost:{}/", server.port());
  request.body = "{}";
  request.timeout = std::chrono::seconds(10);
  request.address_policy = AddressPolicy::any;
  test::BlockingClient client;
  return client.post(request, {});
}

/// Expects that nothing of a request is sent to a server with this certificate.
void expect_refused(const TestAuthority::Wish& wish, int newest_version = TLS1_3_VERSION) {
  const TlsServer server(trusted_authority().issue(wish), {.newest_version = newest_version});
  const HttpResult result = post(server);
  ASSERT_FALSE(result);
  EXPECT_EQ(HttpFailure::Kind::tls, result.error().kind) << result.error().message;
  EXPECT_FALSE(result.error().request_sent);
  EXPECT_EQ(0, server.requests());
}

TEST(Tls, TrustsWhatAKnownAuthorityCertifies) {
  for (const bool by_intermediate : {false, true}) {
    const TlsServer server(trusted_authority().issue({.by_intermediate = by_intermediate}));
    const HttpResult result = post(server);
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(200, result->status);
  }
}

TEST(Tls, RefusesAnExpiredCertificate) {
  expect_refused({.ends_in_seconds = -60});
}

TEST(Tls, RefusesTheCertificateOfAnotherHost) {
  expect_refused({.host = "other.example"});
}

TEST(Tls, RefusesACertificateThatNoAuthoritySigned) {
  expect_refused({.self_signed = true});
}

TEST(Tls, RefusesOldVersions) {
  expect_refused({}, TLS1_1_VERSION);
  const TlsServer server(trusted_authority().issue({}), {.newest_version = TLS1_2_VERSION});
  EXPECT_TRUE(post(server));
}

TEST(Tls, RefusesAChainWithARevokedCertificate) {
  expect_refused({.by_revoked = true});
}

}  // namespace
}  // namespace autoreply
