#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace autoreply {

/// A body with its content encoding removed.
struct DecodedBody {
  enum class End {
    whole,
    cut,        ///< the packed bytes end early or are damaged; `body` is what could be read
    too_large,  ///< there is more than `bytes_max`; `body` is the beginning
  };

  End end = End::whole;
  std::string body;
};

/// Undoes gzip and deflate. `encodings` is the value of a `Content-Encoding` header: a list in the
/// order of application. A body whose encoding is unknown or not really applied stays unchanged:
/// hosts write "UTF-8" there, and proxies that unpack a body leave the header in place. Takes time
/// linear in the sizes of the body and of `bytes_max`, which bounds the unpacked size.
[[nodiscard]] DecodedBody decode_body(std::string body,
                                      std::string_view encodings,
                                      std::size_t bytes_max);

}  // namespace autoreply
