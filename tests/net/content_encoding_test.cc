#include "net/content_encoding.h"

#include <vector>

#include <gtest/gtest.h>
#include <zlib.h>

namespace autoreply {
namespace {

using End = DecodedBody::End;

constexpr int kGzip = 16 + MAX_WBITS;
constexpr int kZlib = MAX_WBITS;
constexpr int kRaw = -MAX_WBITS;

std::string packed(std::string text, int format) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, format, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

TEST(ContentEncoding, UndoesWhatItKnowsAndLeavesTheRest) {
  const std::string text = R"({"success":true})";
  struct Case {
    std::string body;
    const char* encodings;
  };
  for (const auto& [body, encodings] :
       std::vector<Case>{{text, ""},
                         {text, "UTF-8"},
                         {text, "identity"},
                         {text, ",, ,"},
                         {text, "gzip"},
                         {text, "deflate"},
                         {text, "gzip, br"},
                         {packed(text, kGzip), "gzip"},
                         {packed(text, kGzip), " X-GZip "},
                         {packed(text, kGzip), "identity, gzip"},
                         {packed(text, kZlib), "deflate"},
                         {packed(text, kRaw), "deflate"},
                         {packed(text, kGzip), "deflate"},
                         {packed(packed(text, kZlib), kGzip), "deflate, gzip"}}) {
    const DecodedBody decoded = decode_body(body, encodings, 1'000);
    EXPECT_EQ(text, decoded.body) << encodings;
    EXPECT_EQ(End::whole, decoded.end) << encodings;
  }
  EXPECT_EQ("", decode_body("", "gzip", 1'000).body);
  EXPECT_EQ("", decode_body("", "deflate", 1'000).body);
}

TEST(ContentEncoding, KeepsWhatCameOfACutBody) {
  std::string text;
  for (int number = 0; number < 20'000; ++number) text += std::to_string(number);
  const std::string whole = packed(text, kGzip);
  const DecodedBody decoded = decode_body(whole.substr(0, whole.size() / 2), "gzip", 1'000'000);
  EXPECT_EQ(End::cut, decoded.end);
  EXPECT_FALSE(decoded.body.empty());
  EXPECT_TRUE(text.starts_with(decoded.body));
}

TEST(ContentEncoding, BoundsWhatComesOut) {
  const std::string bomb = packed(packed(std::string(20'000'000, ' '), kGzip), kGzip);
  const DecodedBody decoded = decode_body(bomb, "gzip, gzip", 100'000);
  EXPECT_EQ(End::too_large, decoded.end);
  EXPECT_EQ(std::string(100'000, ' '), decoded.body);
  const std::string fits = packed(std::string(100'000, ' '), kGzip);
  EXPECT_EQ(End::whole, decode_body(fits, "gzip", 100'000).end);
}

TEST(ContentEncoding, StopsAtManyLayers) {
  std::string body = "deep";
  std::string encodings;
  for (int layer = 0; layer < 10; ++layer) {
    body = packed(body, kGzip);
    encodings += "gzip,";
  }
  EXPECT_NE("deep", decode_body(body, encodings, 1'000).body);
}

}  // namespace
}  // namespace autoreply
