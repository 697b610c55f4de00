#include "net/address.h"

#include <algorithm>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace autoreply {
namespace {

template <std::size_t size>
struct Block {
  std::array<std::uint8_t, size> start;
  int bits;
};

template <std::size_t size>
bool contains(const Block<size>& block, const std::array<std::uint8_t, size>& address) {
  for (std::size_t at = 0; at < size; ++at) {
    const int bits = std::clamp(block.bits - static_cast<int>(at) * 8, 0, 8);
    const unsigned mask = (0xFF00U >> bits) & 0xFFU;
    if ((address[at] & mask) != (block.start[at] & mask)) return false;
  }
  return true;
}

// IANA IPv4 Special-Purpose Address Registry, plus multicast and the reserved class E.
constexpr Block<4> kSpecialIpv4[] = {
    {{0, 0, 0, 0}, 8},        // this network
    {{10, 0, 0, 0}, 8},       // private
    {{100, 64, 0, 0}, 10},    // shared by carrier-grade NAT
    {{127, 0, 0, 0}, 8},      // loopback
    {{169, 254, 0, 0}, 16},   // link-local, cloud metadata
    {{172, 16, 0, 0}, 12},    // private
    {{192, 0, 0, 0}, 24},     // protocol assignments
    {{192, 0, 2, 0}, 24},     // documentation
    {{192, 88, 99, 0}, 24},   // 6to4 relays
    {{192, 168, 0, 0}, 16},   // private
    {{198, 18, 0, 0}, 15},    // benchmarks
    {{198, 51, 100, 0}, 24},  // documentation
    {{203, 0, 113, 0}, 24},   // documentation
    {{224, 0, 0, 0}, 4},      // multicast
    {{240, 0, 0, 0}, 4},      // reserved, broadcast
};

// Only 2000::/3 is allocated for the public internet (RFC 4291); these are its exceptions.
constexpr Block<16> kGlobalUnicast = {{0x20}, 3};
constexpr Block<16> kSpecialIpv6[] = {
    {{0x20, 0x01}, 23},              // protocol assignments, Teredo, benchmarks
    {{0x20, 0x01, 0x0D, 0xB8}, 32},  // documentation
    {{0x20, 0x02}, 16},              // 6to4
    {{0x3F, 0xFF}, 20},              // documentation
};

}  // namespace

bool is_public(const Ipv4Address& address) {
  return std::none_of(std::begin(kSpecialIpv4), std::end(kSpecialIpv4), [&](const auto& block) {
    return contains(block, address);
  });
}

bool is_public(const Ipv6Address& address) {
  return contains(kGlobalUnicast, address) &&
         std::none_of(std::begin(kSpecialIpv6), std::end(kSpecialIpv6), [&](const auto& block) {
           return contains(block, address);
         });
}

bool is_public(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, &address, sizeof in);
    Ipv4Address bytes{};
    std::memcpy(bytes.data(), &in.sin_addr, bytes.size());
    return is_public(bytes);
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 in{};
    std::memcpy(&in, &address, sizeof in);
    Ipv6Address bytes{};
    std::memcpy(bytes.data(), &in.sin6_addr, bytes.size());
    return is_public(bytes);
  }
  return false;
}

std::optional<std::variant<Ipv4Address, Ipv6Address>> parse_address(const std::string& text) {
  Ipv4Address ipv4{};
  if (inet_pton(AF_INET, text.c_str(), ipv4.data()) == 1) return ipv4;
  Ipv6Address ipv6{};
  // A zone index ("fe80::1%eth0") names an interface of this machine.
  if (inet_pton(AF_INET6, text.substr(0, text.find('%')).c_str(), ipv6.data()) == 1) return ipv6;
  return std::nullopt;
}

}  // namespace autoreply
