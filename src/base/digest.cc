#include "base/digest.h"

#include <array>
#include <stdexcept>

#include <openssl/evp.h>

namespace autoreply {

std::string sha256_hex(std::string_view bytes) {
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL makes no SHA-256");
  }
  std::string text;
  for (unsigned int at = 0; at < size; ++at) {
    text += kHexDigits[digest[at] >> 4U];
    text += kHexDigits[digest[at] & 0x0fU];
  }
  return text;
}

}  // namespace autoreply
