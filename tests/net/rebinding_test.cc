// Names and spellings by which a tenant's base URL might lead to a private address.

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/trusted_authority.h"
#include "support/blocking_client.h"
#include "support/name_server.h"
#include "support/private_network.h"
#include "support/tls_server.h"

namespace autoreply {
namespace {

using test::NameServer;
using test::TlsServer;

constexpr const char* kPublicAddress = "192.169.0.1";
constexpr int kNotAllowed = 77;

HttpResult post(test::BlockingClient& client, const std::string& host) {
  HttpRequest request;
  request.url = fmt::format("https://{}/v1/chat/completions", host);
  request.body = "{}";
  request.timeout = std::chrono::seconds(20);
  return client.post(request, {});
}

std::string kind_of(const HttpResult& result) {
  if (result) return fmt::format("status {}", result->status);
  if (result.error().request_sent) return "sent";
  return result.error().kind == HttpFailure::Kind::forbidden_address ? "forbidden" : "not sent";
}

/// A server at a public address, one at a private address, and the names that lead to them.
class Lure final {
 public:
  Lure() : files_(test::trusted_authority().issue({.host = "*.lure.example"})) {
    outside_ = std::make_unique<TlsServer>(
        files_, TlsServer::Options{.address = kPublicAddress, .port = 443});
    inside_ = std::make_unique<TlsServer>(files_,
                                          TlsServer::Options{.address = "127.0.0.1", .port = 443});
  }

  void check() {
    check_rebinding();
    check_private_names();
    check_spellings();
    expect("requests inside", "0", std::to_string(inside_->requests()));
  }

  [[nodiscard]] int wrong() const { return wrong_; }

 private:
  /// The name is public when it is looked up first, and private ever after.
  void check_rebinding() {
    names_.answer("rebound.lure.example", {{kPublicAddress}, {"127.0.0.1"}});
    test::BlockingClient first;
    expect("first", "status 200", kind_of(post(first, "rebound.lure.example")));
    test::BlockingClient later;
    expect("later", "forbidden", kind_of(post(later, "rebound.lure.example")));
    names_.answer("mixed.lure.example", {{"127.0.0.1", kPublicAddress, "169.254.169.254"}});
    test::BlockingClient mixed;
    expect("mixed", "status 200", kind_of(post(mixed, "mixed.lure.example")));
    expect("requests outside", "2", std::to_string(outside_->requests()));
  }

  void check_private_names() {
    const std::vector<std::string> addresses{"127.0.0.1",
                                             "127.8.8.8",
                                             "0.0.0.0",
                                             "10.0.0.1",
                                             "100.64.0.1",
                                             "169.254.169.254",
                                             "192.168.0.1",
                                             "::1",
                                             "::",
                                             "::ffff:127.0.0.1",
                                             "::ffff:192.169.0.1",
                                             "64:ff9b::7f00:1",
                                             "2002:7f00:1::",
                                             "fd00::1",
                                             "fe80::1"};
    for (std::size_t number = 0; number < addresses.size(); ++number) {
      const std::string name = fmt::format("n{}.lure.example", number);
      names_.answer(name, {{addresses[number]}});
      test::BlockingClient client;
      expect(addresses[number], "forbidden", kind_of(post(client, name)));
    }
  }

  /// Whatever they are taken for, nothing may be sent.
  void check_spellings() {
    for (const std::string host : {"127.1",
                                   "127.0.1",
                                   "2130706433",
                                   "0x7f000001",
                                   "0x7f.0.0.1",
                                   "0177.0.0.1",
                                   "017700000001",
                                   "127.0.0.1.",
                                   "127.000.000.001",
                                   "0",
                                   "1\u20E32\u20E37.0.0.1",
                                   "\uFF11\uFF12\uFF17.0.0.1",
                                   "\u2460\u2461\u2466.0.0.1",
                                   "127\u30020\u30020\u30021",
                                   "[::1]",
                                   "[0:0:0:0:0:0:0:1]",
                                   "[::ffff:127.0.0.1]",
                                   "[::ffff:7f00:1]",
                                   "[::127.0.0.1]",
                                   "[::1%25lo]",
                                   "localhost",
                                   "LOCALHOST.",
                                   "a@127.0.0.1",
                                   "192.169.0.1@127.0.0.1",
                                   "192.169.0.1:443@127.0.0.1",
                                   "127.0.0.1#@192.169.0.1",
                                   "127.0.0.1\\@192.169.0.1"}) {
      test::BlockingClient client;
      const std::string kind = kind_of(post(client, host));
      if (kind != "forbidden" && kind != "not sent") expect(host, "not sent", kind);
    }
  }

  void expect(const std::string& about, const std::string& wanted, const std::string& found) {
    if (wanted == found) return;
    ++wrong_;
    fmt::print(stderr, "{}: {}, not {}\n", about, found, wanted);
  }

  test::TestAuthority::Files files_;
  NameServer names_;
  std::unique_ptr<TlsServer> outside_;
  std::unique_ptr<TlsServer> inside_;
  int wrong_ = 0;
};

TEST(PublicAddresses, AreTheOnlyOnesThatANameCanLeadTo) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    if (!test::enter_private_network(kPublicAddress)) _exit(kNotAllowed);
    int wrong = 0;
    {
      Lure lure;
      lure.check();
      wrong = lure.wrong();
    }
    _exit(wrong == 0 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(child, waitpid(child, &status, 0));
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == kNotAllowed) GTEST_SKIP() << "the kernel allows no private network";
  EXPECT_EQ(0, WEXITSTATUS(status));
}

}  // namespace
}  // namespace autoreply
