#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace autoreply {

/// What a peer's answer, or the lack of one, means. Each finding is a row of the tables in
/// `settle/judge`. The code that reads an answer picks the row; `judge` applies it.
enum class Finding {
  accepted,  ///< the provider gave a reply, or the host took it

  // From both kinds of peers.
  unreachable,   ///< failed before the request went out: name, connect, TLS
  throttled,     ///< 429 and the like; `wait` is how long the peer asks us to wait
  not_sent,      ///< our own stop, or a lease too short, kept the request from going out
  no_resources,  ///< this machine had no file descriptor, thread or memory for the call

  // From providers only.
  account_refused,  ///< the key, the account, its credit or its budget
  content_refused,  ///< refusal, content filter, moderation, prompt too long
  setting_refused,  ///< unknown model, rejected parameter, redirect, no such address
  down,             ///< no answer after the request went out, 5xx, an unreadable answer
  cut,              ///< cut off by the token limit
  empty,            ///< no choice, or no text
  faulty,           ///< a tool call without text, another 4xx, an error inside a 200
  wrong_settings,   ///< nothing was called: the workspace's settings cannot work
  no_operator_key,  ///< nothing was called: the operator has no key for the provider

  // From the callback only.
  opted_out,          ///< the carrier says the recipient has opted out
  web_page,           ///< 2xx with an HTML page: a catch-all site, not an API
  busy,               ///< 503
  conflict,           ///< 409, 425
  unanswered,         ///< the request went out, but no definite answer came: in doubt
  misdirected,        ///< 3xx, 401, 403, 404, 405, 407, 410, 415: bad token, or not the API
  rejected,           ///< another 4xx, `"success": false`
  invalid_recipient,  ///< the number cannot receive SMS
};

/// The answer of a provider or the callback, read but not yet judged.
struct Answer {
  Finding finding = Finding::down;
  std::string reason{};  ///< one line for people, without keys and phone numbers
  /// How long the peer asked to be left alone; empty if it did not say.
  std::optional<std::chrono::milliseconds> wait{};
  /// The `rejection_words` of a rejection: equal for rejections in the same words. Empty if the
  /// peer rejected nothing.
  std::string words{};
};

}  // namespace autoreply
