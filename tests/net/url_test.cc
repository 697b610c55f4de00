#include "net/url.h"

#include <gtest/gtest.h>

namespace autoreply {
namespace {

TEST(ParseUrl, ReadsTheParts) {
  const auto url = parse_url("HTTPS://App.Example.:8443/send-sms?x=1");
  ASSERT_TRUE(url);
  EXPECT_EQ("https", url->scheme);
  EXPECT_EQ("app.example", url->host);
  EXPECT_EQ(8443, url->port);
  EXPECT_FALSE(url->has_default_port);
  EXPECT_FALSE(url->has_credentials);
  EXPECT_EQ("/send-sms", url->path);
  EXPECT_EQ("x=1", url->query);
  EXPECT_EQ("", parse_url("https://h/").value().path);
}

TEST(AppendPath, RepeatsNoSegment) {
  EXPECT_EQ("https://h/v1/a/b", append_path("https://h", "/v1", "/a/b").value());
  EXPECT_EQ("https://h/x/v1/a/b", append_path("https://h/x/v1//", "/v1", "/a/b").value());
  EXPECT_EQ("https://h/y/v1/a?q=1", append_path("https://h/y?q=1#f", "/y/v1", "/a").value());
  EXPECT_EQ("https://h/v1/a/b", append_path("https://h/v1/a/b", "/v1", "/a/b").value());
  EXPECT_EQ("https://h/xv1/v1/a", append_path("https://h/xv1", "/v1", "/a").value());
  // A proxy may have a path that looks like a part of ours.
  EXPECT_EQ("https://h/chat/chat/completions",
            append_path("https://h/chat", "", "/chat/completions").value());
}

TEST(ParseUrl, TakesEveryFormOfAHost) {
  EXPECT_EQ("::1", parse_url("http://[::1]:8080/x").value().host);
  EXPECT_EQ("127.0.0.1", parse_url("http://127.0.0.1").value().host);
  EXPECT_EQ(443, parse_url("https://h?x").value().port);
  EXPECT_TRUE(parse_url("https://u:p@h/").value().has_credentials);
}

TEST(ParseUrl, RefusesWhatLeadsNowhere) {
  for (const char* text : {"",
                           "h",
                           "h/x",
                           "//h/x",
                           "ftp://h/x",
                           "file:///etc/passwd",
                           "http:h",
                           "http:/h",
                           "http://",
                           "http:///x",
                           "http:////x",
                           "http://?x",
                           "http://#x",
                           "http://:80/x",
                           "http://u@/x",
                           "http://u:p@:80/x",
                           "http://h:0/x",
                           "http://h:65536/x",
                           "http://h:99999/x",
                           "http://h:-1/x",
                           "http://h:80x/x",
                           "http://[::1/x",
                           "http://[]/x",
                           "http://h x/",
                           "http://h\n/"}) {
    const auto url = parse_url(text);
    EXPECT_FALSE(url) << text;
    EXPECT_EQ(ErrorKind::refused, url ? ErrorKind::internal : url.error().kind) << text;
  }
}

}  // namespace
}  // namespace autoreply
