#include "base/uuid.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <stdexcept>

#include <openssl/evp.h>
#include <unistd.h>

namespace autoreply {
namespace {

using UuidBytes = std::array<std::uint8_t, 16>;

constexpr std::string_view kHexDigits = "0123456789abcdef";

bool is_dash_position(std::size_t position) {
  return position == 8 || position == 13 || position == 18 || position == 23;
}

std::string to_text(UuidBytes bytes, std::uint8_t version) {
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0fU) | (unsigned{version} << 4U));
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3fU) | 0x80U);
  std::string text;
  text.reserve(36);
  for (const std::uint8_t byte : bytes) {
    if (is_dash_position(text.size())) text += '-';
    text += kHexDigits[byte >> 4U];
    text += kHexDigits[byte & 0x0fU];
  }
  return text;
}

unsigned hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return static_cast<unsigned>(digit - '0');
  return static_cast<unsigned>(std::tolower(static_cast<unsigned char>(digit)) - 'a') + 10U;
}

std::string to_bytes(std::string_view uuid) {
  std::string bytes;
  for (std::size_t at = 0; at + 1 < uuid.size();) {
    if (uuid[at] == '-') {
      ++at;
      continue;
    }
    bytes += static_cast<char>((hex_value(uuid[at]) << 4U) | hex_value(uuid[at + 1]));
    at += 2;
  }
  return bytes;
}

}  // namespace

std::string random_uuid() {
  UuidBytes bytes{};
  // OpenSSL's generator needs a tenth of an idle run to start.
  if (getentropy(bytes.data(), bytes.size()) != 0) {
    throw std::runtime_error("the system gives no random bytes");
  }
  return to_text(bytes, 4);
}

std::string uuid_v5(std::string_view name_space, std::string_view name) {
  std::string input = to_bytes(name_space);
  input += name;
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned digest_bytes = 0;
  if (EVP_Digest(input.data(), input.size(), digest.data(), &digest_bytes, EVP_sha1(), nullptr) !=
      1) {
    throw std::runtime_error("SHA-1 is not available");
  }
  UuidBytes bytes{};
  std::copy_n(digest.begin(), bytes.size(), bytes.begin());
  return to_text(bytes, 5);
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto character = static_cast<unsigned char>(text[at]);
    if (is_dash_position(at) ? character != '-' : std::isxdigit(character) == 0) return false;
  }
  return true;
}

}  // namespace autoreply
