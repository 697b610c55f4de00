#pragma once

#include <string>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

namespace autoreply {

/// What the caller can do about an error. Code branches on this, never on the text.
enum class ErrorKind {
  unavailable,    ///< the other side cannot be reached or went away: connect again later
  busy,           ///< a lock or a serialization conflict: the same call may succeed at once
  refused,        ///< this data will never be accepted: try its parts one by one
  token_lost,     ///< another claim holds the job by now: write nothing more about it
  misconfigured,  ///< only the operator can fix it; the message says how
  internal,       ///< a defect in this program
};

/// Why something failed. `message` is one line in lower case, without a full stop, keys or phone
/// numbers.
struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string message;
};

/// A value, or the error that replaces it. Check before use.
template <class T>
using Result = tl::expected<T, Error>;

/// What a batch comes to: one result a request, in the order of the requests.
template <class T>
using Results = std::vector<Result<T>>;

/// Makes the error case of any `Result`.
[[nodiscard]] inline tl::unexpected<Error> fail(ErrorKind kind, std::string message) {
  return tl::unexpected<Error>(Error{kind, std::move(message)});
}

[[nodiscard]] inline tl::unexpected<Error> fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace autoreply
