#include "support/postgres_wire.h"

#include <cstdint>

namespace autoreply::test {
namespace {

constexpr std::size_t kLengthBytes = 4;
constexpr unsigned kBitsPerByte = 8;

std::uint32_t number_at(std::string_view bytes) {
  std::uint32_t number = 0;
  for (const char byte : bytes.substr(0, kLengthBytes)) {
    number = number << kBitsPerByte | static_cast<unsigned char>(byte);
  }
  return number;
}

std::string_view text_at(std::string_view bytes) {
  return bytes.substr(0, bytes.find('\0'));
}

}  // namespace

std::optional<WireMessage> next_message(std::string_view bytes, bool first) {
  const std::size_t type_bytes = first ? 0 : 1;
  if (bytes.size() < type_bytes + kLengthBytes) return {};
  // The length includes itself but not the type.
  const std::size_t size = type_bytes + number_at(bytes.substr(type_bytes));
  if (bytes.size() < size) return {};
  const std::size_t head = type_bytes + kLengthBytes;
  return WireMessage{.type = first ? '\0' : bytes[0],
                     .body = bytes.substr(head, size < head ? 0 : size - head),
                     .size = size};
}

std::string_view statement_of(const WireMessage& message) {
  if (message.type == 'Q') return text_at(message.body);
  if (message.type != 'P') return {};
  const std::string_view name = text_at(message.body);
  return text_at(message.body.substr(name.size() + 1));
}

}  // namespace autoreply::test
