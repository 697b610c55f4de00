#pragma once

namespace autoreply {

/// Makes an OpenSSL context (an `SSL_CTX*`) verify against this machine's certificate authorities:
/// those of `SSL_CERT_FILE` or `CURL_CA_BUNDLE` and of `SSL_CERT_DIR` if any of these is set,
/// otherwise Debian's bundle. The process reads them once, at the first call that can open the
/// file, and all connections share them, because reading costs 90 ms of processor time.
/// Thread-safe. Without any readable certificate, every verification fails.
void use_shared_certificates(void* ssl_context) noexcept;

}  // namespace autoreply
