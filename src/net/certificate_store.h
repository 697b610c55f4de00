#pragma once

#include <string>

namespace autoreply {

/// The file with all certificate authorities that this distribution keeps below `root`; Debian's if
/// there is none. OpenSSL's own default is only right where the library was built.
[[nodiscard]] std::string distribution_bundle(const std::string& root = "");

/// Reads this machine's certificate authorities: those of `SSL_CERT_FILE` or `CURL_CA_BUNDLE` and
/// of `SSL_CERT_DIR` if any of these is set, otherwise the distribution's bundle. The process reads
/// them once, at the first call that can open the file, and all connections share them, because
/// reading costs 90 ms of processor time. Returns whether that is done. Thread-safe.
bool read_shared_certificates() noexcept;

/// Makes an OpenSSL context (an `SSL_CTX*`) verify against these authorities, and reads them first
/// if that is not done. Thread-safe. Without any readable certificate, every verification fails.
void use_shared_certificates(void* ssl_context) noexcept;

}  // namespace autoreply
