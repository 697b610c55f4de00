// Whom an encrypted connection trusts.

#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <httplib.h>
#include <openssl/ssl.h>

#include "net/http_client.h"
#include "support/test_authority.h"

namespace autoreply {
namespace {

using test::TestAuthority;

/// A server that accepts any POST on a free port of this machine.
class TlsServer final {
 public:
  explicit TlsServer(const TestAuthority::Files& files, int newest_version = TLS1_3_VERSION)
      : server_([files, newest_version](SSL_CTX& context) {
          // Old versions need weak signatures.
          if (newest_version < TLS1_2_VERSION) SSL_CTX_set_security_level(&context, 0);
          SSL_CTX_set_min_proto_version(&context, 0);
          SSL_CTX_set_max_proto_version(&context, newest_version);
          return SSL_CTX_use_certificate_chain_file(&context, files.chain.c_str()) == 1 &&
                 SSL_CTX_use_PrivateKey_file(&context, files.key.c_str(), SSL_FILETYPE_PEM) == 1;
        }) {
    server_.Post("/", [this](const httplib::Request&, httplib::Response& response) {
      ++requests_;
      response.set_content("{}", "application/json");
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    listener_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~TlsServer() {
    server_.stop();
    listener_.join();
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  [[nodiscard]] std::string url() const { return "https://localhost:" + std::to_string(port_); }
  [[nodiscard]] int requests() const { return requests_; }

 private:
  httplib::SSLServer server_;
  int port_ = 0;
  std::atomic<int> requests_ = 0;
  std::thread listener_;
};

HttpResult post(const TlsServer& server) {
  HttpRequest request;
  request.url = server.url() + "/";
  request.body = "{}";
  request.timeout = std::chrono::seconds(10);
  request.address_policy = AddressPolicy::any;
  HttpClient client;
  return client.post(request, {});
}

/// One for all tests of the process, because the certificates to trust are read once in it.
TestAuthority& authority() {
  static TestAuthority the_authority;
  return the_authority;
}

/// Expects that nothing of a request is sent to a server with this certificate.
void expect_refused(const TestAuthority::Wish& wish, int newest_version = TLS1_3_VERSION) {
  const TlsServer server(authority().issue(wish), newest_version);
  const HttpResult result = post(server);
  ASSERT_FALSE(result);
  EXPECT_EQ(HttpFailure::Kind::tls, result.error().kind) << result.error().message;
  EXPECT_FALSE(result.error().request_sent);
  EXPECT_EQ(0, server.requests());
}

/// Names the certificates to trust before any test of the process makes a client.
class TrustsTheAuthority final : public testing::Environment {
 public:
  void SetUp() override { setenv("SSL_CERT_FILE", authority().bundle().c_str(), 1); }
  void TearDown() override { unsetenv("SSL_CERT_FILE"); }
};
const testing::Environment* const kEnvironment =
    testing::AddGlobalTestEnvironment(new TrustsTheAuthority);

TEST(Tls, TrustsWhatAKnownAuthorityCertifies) {
  for (const bool by_intermediate : {false, true}) {
    const TlsServer server(authority().issue({.by_intermediate = by_intermediate}));
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
  const TlsServer server(authority().issue({}), TLS1_2_VERSION);
  EXPECT_TRUE(post(server));
}

TEST(Tls, RefusesAChainWithARevokedCertificate) {
  expect_refused({.by_revoked = true});
}

}  // namespace
}  // namespace autoreply
