#pragma once

#include <string>
#include <vector>

#include "net/http_message.h"
#include "net/url.h"

namespace autoreply {

/// Whether `hosts` names the host, in any case, IPv6 with or without brackets.
[[nodiscard]] bool names_host(const std::vector<std::string>& hosts, const std::string& host);

/// Decides under which policy a tenant's base URL may be used: any, where the operator allowed its
/// host; public addresses only, where it is https on the usual port without credentials and no
/// private address. Returns `refused` with what to do for all others. Names that resolve to private
/// addresses are refused later, by the HTTP client. Pure.
[[nodiscard]] Result<AddressPolicy> check_base_url(const std::string& base_url,
                                                   const std::vector<std::string>& allow_hosts);

/// The same for a URL that has been read.
[[nodiscard]] Result<AddressPolicy> check_base_url(const Url& base_url,
                                                   const std::vector<std::string>& allow_hosts);

}  // namespace autoreply
