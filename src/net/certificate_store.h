#pragma once

namespace autoreply {

/// Makes an OpenSSL context (an `SSL_CTX*`) verify against the certificate authorities of this
/// machine: those of `SSL_CERT_FILE` or `CURL_CA_BUNDLE` and `SSL_CERT_DIR` if these are set,
/// Debian's bundle otherwise. They are read once in a process, at the first call that can open the
/// file, and shared by all connections: reading them costs 90 ms of processor time. Thread-safe.
/// Without any readable certificate every verification fails.
void use_shared_certificates(void* ssl_context) noexcept;

}  // namespace autoreply
