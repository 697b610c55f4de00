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

/// Whether an address belongs to the public internet, that is to none of IANA's special-purpose
/// registries (private, shared, loopback, link-local, documentation, multicast, reserved …).
[[nodiscard]] bool is_public(const Ipv4Address& address);

/// Same for IPv6. Addresses that embed an IPv4 address (mapped, NAT64, 6to4, Teredo) are never
/// public, because a gateway may lead to the embedded one.
[[nodiscard]] bool is_public(const Ipv6Address& address);

/// Same for the address of a connection. Families other than IP are not public.
[[nodiscard]] bool is_public(const sockaddr& address);

/// Parses an address literal, IPv6 without brackets. Empty for anything else, such as a name.
[[nodiscard]] std::optional<std::variant<Ipv4Address, Ipv6Address>> parse_address(
    const std::string& text);

}  // namespace autoreply
