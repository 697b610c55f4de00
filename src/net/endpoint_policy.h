#pragma once

#include <string>
#include <vector>

#include "net/http_message.h"
#include "net/url.h"

namespace autoreply {

/// Whether `hosts` contains the host. Ignores case and the brackets of IPv6.
[[nodiscard]] bool names_host(const std::vector<std::string>& hosts, const std::string& host);

/// Decides which addresses a tenant's base URL may lead to. `any` if the operator allowed its host.
/// `public_only` if it is https on the default port and not a private address. Returns `refused`
/// with what to do for all other URLs and for any URL with credentials. The HTTP client later
/// refuses names that resolve to private addresses. Pure.
[[nodiscard]] Result<AddressPolicy> check_base_url(const std::string& base_url,
                                                   const std::vector<std::string>& allow_hosts);

/// Same for a parsed URL.
[[nodiscard]] Result<AddressPolicy> check_base_url(const Url& base_url,
                                                   const std::vector<std::string>& allow_hosts);

}  // namespace autoreply
