#include <gtest/gtest.h>

#include "net/address.h"
#include "net/endpoint_policy.h"
#include "net/url.h"

namespace autoreply {
namespace {

bool is_public_literal(const std::string& text) {
  const auto address = parse_address(text);
  EXPECT_TRUE(address) << text;
  return address && std::visit([](const auto& literal) { return is_public(literal); }, *address);
}

TEST(IsPublic, HoldsForAddressesOfTheInternetOnly) {
  for (const char* text : {"1.1.1.1",
                           "172.32.0.1",
                           "100.128.0.1",
                           "192.169.0.1",
                           "9.255.255.255",
                           "223.255.255.255",
                           "2606:4700::1111",
                           "2a00:1450::1"}) {
    EXPECT_TRUE(is_public_literal(text)) << text;
  }
  for (const char* text : {"0.0.0.0",
                           "0.1.2.3",
                           "10.0.0.1",
                           "100.64.0.1",
                           "100.127.255.255",
                           "127.0.0.1",
                           "127.255.255.255",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.168.1.1",
                           "192.0.2.1",
                           "198.18.0.1",
                           "198.19.255.255",
                           "203.0.113.9",
                           "224.0.0.1",
                           "239.1.1.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "::ffff:10.0.0.1",
                           "::ffff:1.1.1.1",
                           "::1.2.3.4",
                           "64:ff9b::a00:1",
                           "64:ff9b:1::1",
                           "fc00::1",
                           "fd12:3456::1",
                           "fe80::1",
                           "fe80::1%eth0",
                           "ff02::1",
                           "fec0::1",
                           "2001:db8::1",
                           "2002:a00:1::1",
                           "2001:0:1::1",
                           "100::1"}) {
    EXPECT_FALSE(is_public_literal(text)) << text;
  }
}

TEST(CheckBaseUrl, TakesPublicHttps) {
  for (const char* url : {"https://api.example.com",
                          "https://api.example.com:443/v1",
                          "HTTPS://API.EXAMPLE.COM/v1/",
                          "https://1.1.1.1/v1"}) {
    const auto policy = check_base_url(url, {});
    ASSERT_TRUE(policy) << url << ": " << policy.error().message;
    EXPECT_EQ(AddressPolicy::public_only, *policy);
  }
}

TEST(CheckBaseUrl, RefusesEverythingElseWithAdvice) {
  for (const char* url : {"http://api.example.com",
                          "https://api.example.com:8443",
                          "https://10.0.0.1/v1",
                          "https://[::1]/v1",
                          "https://[fd00::1]/",
                          "https://127.1/",
                          "https://2130706433/",
                          "https://localhost/v1",
                          "https://LOCALHOST./v1",
                          "https://me:secret@api.example.com/",
                          "https://169.254.169.254/",
                          "ftp://api.example.com/",
                          "api.example.com",
                          "",
                          "https://",
                          "https://api.example.com/\r\nHost: x",
                          "https://api example.com/"}) {
    const auto policy = check_base_url(url, {"other.example"});
    ASSERT_FALSE(policy) << url;
    EXPECT_EQ(ErrorKind::refused, policy.error().kind);
    EXPECT_EQ(std::string::npos, policy.error().message.find("secret"));
  }
}

TEST(CheckBaseUrl, TakesAnythingOnHostsThatTheOperatorAllows) {
  const std::vector<std::string> allowed = {"LocalHost", "10.0.0.7", "[::1]", "fd00::2"};
  for (const char* url : {"http://localhost:11434/v1",
                          "https://LOCALHOST/v1",
                          "http://10.0.0.7:8080",
                          "http://[::1]:8000/v1",
                          "http://[FD00::2]/"}) {
    const auto policy = check_base_url(url, allowed);
    ASSERT_TRUE(policy) << url << ": " << policy.error().message;
    EXPECT_EQ(AddressPolicy::any, *policy);
  }
  EXPECT_FALSE(check_base_url("http://10.0.0.8:8080", allowed));
  EXPECT_FALSE(check_base_url("http://localhost.example/", allowed));
  EXPECT_FALSE(check_base_url("http://key@localhost/", allowed));
}

TEST(AppendPath, JoinsAsTheOfficialClientsDo) {
  const auto joined = [](const std::string& base) {
    return append_path(base, "", "/chat/completions").value_or("-");
  };
  EXPECT_EQ("https://a.example/v1/chat/completions", joined("https://a.example/v1"));
  EXPECT_EQ("https://a.example/v1/chat/completions", joined("https://a.example/v1/"));
  EXPECT_EQ("https://a.example/chat/completions", joined("https://a.example"));
  EXPECT_EQ("https://a.example/v1/chat/completions",
            joined("https://a.example/v1/chat/completions"));
  EXPECT_EQ("https://a.example/d/x/chat/completions?api-version=2026-01-01",
            joined("https://a.example/d/x?api-version=2026-01-01"));
  EXPECT_EQ("http://[::1]:8000/v1/chat/completions", joined("http://[::1]:8000/v1"));
}

}  // namespace
}  // namespace autoreply
