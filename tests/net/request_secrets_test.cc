#include "net/request_secrets.h"

#include <gtest/gtest.h>

namespace autoreply {
namespace {

HttpRequest keyed_request(const std::string& url) {
  HttpRequest request;
  request.url = url;
  request.headers = {{"Content-Type", "application/json"},
                     {"Authorization", "Bearer tok-123456"},
                     {"X-Api-Key", "key-987654"},
                     {"Idempotency-Key", "log-1"}};
  return request;
}

TEST(RequestSecrets, AreTheKeysInTheHeaders) {
  const HttpRequest request = keyed_request("https://host.example/send-sms");
  EXPECT_EQ("*** and *** for log-1 in application/json",
            without_secrets("tok-123456 and key-987654 for log-1 in application/json", request));
}

TEST(RequestSecrets, AreTheCredentialsOfTheUrl) {
  const HttpRequest request = keyed_request("http://user:p4ss%2Fword@host.example/send-sms");
  EXPECT_EQ("got Basic *** of ***",
            without_secrets("got Basic dXNlcjpwNHNzL3dvcmQ= of p4ss/word", request));
}

TEST(RequestSecrets, AreAKeyInPlaceOfAUser) {
  const HttpRequest request = keyed_request("https://SECRETUSERKEY123:x@host.example/");
  EXPECT_EQ("exceeded max text size for key ***",
            without_secrets("exceeded max text size for key SECRETUSERKEY123", request));
}

TEST(RequestSecrets, AreNoPlainWords) {
  const std::string text = "outbound message to production of 2026-11-30 for ab";
  EXPECT_EQ(
      text,
      without_secrets(
          text,
          keyed_request("https://ab:cd@h.example/?type=outbound&env=production&v=2026-11-30")));
}

TEST(RequestSecrets, AreFoundInEveryFormOfAQuery) {
  const HttpRequest request =
      keyed_request("https://host.example/send?token=q7+Zx+kP9w&zz9TOPSECRETzz");
  EXPECT_EQ("not accepted: ***, ***, ***",
            without_secrets("not accepted: q7+Zx+kP9w, q7 Zx kP9w, zz9TOPSECRETzz", request));
}

TEST(RequestSecrets, AreTheLongValuesOfTheQuery) {
  const HttpRequest request = keyed_request("https://host.example/send-sms?v=2&token=URL%2DSECRET");
  EXPECT_EQ("/send-sms?v=2&token=*** (***)",
            without_secrets("/send-sms?v=2&token=URL%2DSECRET (URL-SECRET)", request));
}

}  // namespace
}  // namespace autoreply
