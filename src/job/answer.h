#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace autoreply {

/// What the answer of a peer means, or the lack of one: a row of the tables in which the outcomes
/// of a job are laid down. Whoever reads an answer says which row fits; `judge` says what follows.
enum class Finding {
  accepted,  ///< the provider gave a reply; the host took it

  // Of both kinds of peers.
  unreachable,   ///< failed before the request went out: name, connect, TLS
  throttled,     ///< 429 and the like; `wait` is what the peer asks for
  not_sent,      ///< our own stop, or a lease too short, kept the request from going out
  no_resources,  ///< this machine had no file descriptor, thread or memory for the call

  // Of a provider.
  account_refused,  ///< the key, the account, its credit or its budget
  content_refused,  ///< refusal, content filter, moderation, prompt too long
  setting_refused,  ///< unknown model, rejected parameter, redirect, no such address
  down,             ///< no answer after the request went out, 5xx, an answer that cannot be read
  cut,              ///< ended by the token limit
  empty,            ///< no choice, or no text
  faulty,           ///< a tool call without text, another 4xx, an error inside a 200
  wrong_settings,   ///< nothing was called: the workspace's settings cannot work
  no_operator_key,  ///< nothing was called: the operator has no key for the provider

  // Of the callback.
  opted_out,          ///< the carrier says that the recipient has opted out
  web_page,           ///< 2xx with a page of HTML: a catch-all, not an API
  busy,               ///< 503
  conflict,           ///< 409, 425
  unanswered,         ///< no definite answer after the request went out: in doubt
  misdirected,        ///< 3xx, 401, 403, 404, 405, 407, 410, 415: our token, or not the API
  rejected,           ///< another 4xx, `"success": false`
  invalid_recipient,  ///< the number can receive no SMS
};

/// The answer of a provider or of the callback as it was read, before anything follows from it.
struct Answer {
  Finding finding = Finding::down;
  std::string reason{};  ///< one line for people, without keys and phone numbers
  /// How long the peer asked to be left alone; empty if it did not say.
  std::optional<std::chrono::milliseconds> wait{};
  /// Status, code and text without digits and ids: equal for rejections in the same words. Empty
  /// if the peer rejected nothing.
  std::string words{};
};

}  // namespace autoreply
