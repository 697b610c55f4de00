#include "net/content_encoding.h"

#include <algorithm>
#include <array>
#include <new>

#include <zlib.h>

#include "base/text.h"

namespace autoreply {
namespace {

/// No serious server applies more encodings.
constexpr int kLayersMax = 3;

constexpr int kGzipOrZlib = 32 + MAX_WBITS;  // the header tells which
constexpr int kRawDeflate = -MAX_WBITS;      // some servers send this as "deflate"

class Inflation final {
 public:
  explicit Inflation(int format) {
    if (inflateInit2(&stream_, format) != Z_OK) throw std::bad_alloc();
  }
  ~Inflation() { inflateEnd(&stream_); }
  Inflation(const Inflation&) = delete;
  Inflation& operator=(const Inflation&) = delete;

  DecodedBody run(std::string& packed, std::size_t bytes_max) {
    DecodedBody out{DecodedBody::End::cut, {}};
    std::array<char, 16'384> part{};
    stream_.next_in = reinterpret_cast<Bytef*>(packed.data());
    stream_.avail_in = static_cast<uInt>(packed.size());
    int result = Z_OK;
    while (result == Z_OK) {
      stream_.next_out = reinterpret_cast<Bytef*>(part.data());
      stream_.avail_out = static_cast<uInt>(part.size());
      result = inflate(&stream_, Z_NO_FLUSH);
      const std::size_t length = part.size() - stream_.avail_out;
      const std::size_t room = bytes_max - out.body.size();
      out.body.append(part.data(), std::min(length, room));
      if (length > room) {
        out.end = DecodedBody::End::too_large;
        return out;
      }
    }
    if (result == Z_STREAM_END) out.end = DecodedBody::End::whole;
    return out;
  }

 private:
  z_stream stream_{};
};

bool is_gzip(std::string_view body) {
  return body.starts_with("\x1F\x8B");
}

/// Checks the two bytes of a zlib header: the method, and that both together are a multiple of 31.
bool is_zlib(std::string_view body) {
  if (body.size() < 2) return false;
  const auto first = static_cast<unsigned char>(body[0]);
  const auto second = static_cast<unsigned char>(body[1]);
  return (first & 0x0FU) == Z_DEFLATED && (first * 256U + second) % 31U == 0;
}

/// Undoes one encoding. Returns false if it is unknown or the body does not use it.
bool undo(std::string_view encoding, std::size_t bytes_max, DecodedBody& decoded) {
  const bool gzip = encoding == "gzip" || encoding == "x-gzip";
  if (!gzip && encoding != "deflate") return false;
  if (is_gzip(decoded.body) || (!gzip && is_zlib(decoded.body))) {
    decoded = Inflation(kGzipOrZlib).run(decoded.body, bytes_max);
    return true;
  }
  if (gzip || decoded.body.empty()) return false;
  // Raw deflate has no magic bytes: a body is raw deflate if it can be read as such to its end.
  DecodedBody raw = Inflation(kRawDeflate).run(decoded.body, bytes_max);
  if (raw.end == DecodedBody::End::cut) return false;
  decoded = std::move(raw);
  return true;
}

}  // namespace

DecodedBody decode_body(std::string body, std::string_view encodings, std::size_t bytes_max) {
  DecodedBody decoded{DecodedBody::End::whole, std::move(body)};
  std::string_view left = encodings;
  for (int layer = 0; layer < kLayersMax && !left.empty(); ++layer) {
    const std::size_t comma = left.rfind(',');
    const std::size_t begin = comma == std::string_view::npos ? 0 : comma + 1;
    const std::string encoding = lower_case(trimmed(left.substr(begin)));
    left = left.substr(0, begin == 0 ? 0 : comma);
    if (encoding.empty() || encoding == "identity") continue;
    if (!undo(encoding, bytes_max, decoded) || decoded.end != DecodedBody::End::whole) break;
  }
  return decoded;
}

}  // namespace autoreply
