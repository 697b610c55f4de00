#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

struct sockaddr;

namespace autoreply {

using Ipv4Address = std::array<std::uint8_t, 4>;
using Ipv6Address = std::array<std::uint8_t, 16>;

/// Whether an address belongs to the public internet: none of IANA's special-purpose registries
/// (private, shared, loopback, link-local, documentation, multicast, reserved …).
[[nodiscard]] bool is_public(const Ipv4Address& address);

/// Likewise. Addresses that carry an IPv4 address inside (mapped, NAT64, 6to4, Teredo) are never
/// public, since a gateway may lead to the inner one.
[[nodiscard]] bool is_public(const Ipv6Address& address);

/// Likewise, of the address about to be connected to. Families other than IP are not public.
[[nodiscard]] bool is_public(const sockaddr& address);

/// Reads an address literal, IPv6 without brackets. Empty for anything else, such as a name.
[[nodiscard]] std::optional<std::variant<Ipv4Address, Ipv6Address>> parse_address(
    const std::string& text);

}  // namespace autoreply
