#include "net/endpoint_policy.h"

#include <algorithm>

#include "net/address.h"

namespace autoreply {
namespace {

bool is_private(const std::string& host) {
  if (host == "localhost" || host.ends_with(".localhost")) return true;
  const auto address = parse_address(host);
  return address && !std::visit([](const auto& literal) { return is_public(literal); }, *address);
}

}  // namespace

bool names_host(const std::vector<std::string>& hosts, const std::string& host) {
  const std::string wanted = normalised_host(host);
  return std::any_of(hosts.begin(), hosts.end(), [&](const std::string& named) {
    return normalised_host(named) == wanted;
  });
}

Result<AddressPolicy> check_base_url(const std::string& base_url,
                                     const std::vector<std::string>& allow_hosts) {
  const Result<Url> url = parse_url(base_url);
  if (!url) return fail(url.error().kind, "base_url is " + url.error().message);
  return check_base_url(*url, allow_hosts);
}

Result<AddressPolicy> check_base_url(const Url& base_url,
                                     const std::vector<std::string>& allow_hosts) {
  // Credentials in a URL end up in logs and error texts, so they are refused for every host.
  if (base_url.has_credentials) {
    return fail(ErrorKind::refused, "base_url holds a user or password: put the key into api_key");
  }
  if (names_host(allow_hosts, base_url.host)) return AddressPolicy::any;
  const std::string unless = ", or let the operator allow the host with --allow-host";
  if (base_url.scheme != "https") {
    return fail(ErrorKind::refused, "base_url is not https: use https" + unless);
  }
  if (!base_url.has_default_port) {
    return fail(ErrorKind::refused, "base_url names a port: use 443" + unless);
  }
  if (is_private(base_url.host)) {
    return fail(ErrorKind::refused,
                "base_url is a private or local address: use a public one" + unless);
  }
  return AddressPolicy::public_only;
}

}  // namespace autoreply
