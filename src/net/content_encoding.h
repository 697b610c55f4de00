#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace autoreply {

/// A body after its content encoding was undone.
struct DecodedBody {
  enum class End {
    whole,
    cut,        ///< the packed bytes end early or are damaged; `body` is what could be read
    too_large,  ///< there is more than `bytes_max`; `body` is the beginning
  };

  End end = End::whole;
  std::string body;
};

/// Undoes gzip and deflate, as the value of a `Content-Encoding` header names them (a list, in the
/// order in which they were applied). What is unknown, or not packed in truth, stays as it came:
/// hosts write "UTF-8" there, and proxies that unpack leave the header in place. Takes time linear
/// in the sizes of the body and of `bytes_max`, which bounds what is unpacked.
[[nodiscard]] DecodedBody decode_body(std::string body,
                                      std::string_view encodings,
                                      std::size_t bytes_max);

}  // namespace autoreply
