#include "net/certificate_store.h"

#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

namespace autoreply {
namespace {

constexpr const char* kDebianBundle = "/etc/ssl/certs/ca-certificates.crt";

struct FreeStore {
  void operator()(X509_STORE* store) const { X509_STORE_free(store); }
};
using Store = std::unique_ptr<X509_STORE, FreeStore>;

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// The loaded certificates, and whether they are complete. A process that is out of descriptors
/// cannot open the file now but may later.
struct Loaded {
  Store store;
  bool complete = false;
};

Loaded load_store() {
  Store store(X509_STORE_new());
  if (!store) return {};
  // A bundle may contain an intermediate authority alone. curl and OpenSSL's tools trust it as
  // well.
  X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_TRUSTED_FIRST);
  std::string file = from_environment("SSL_CERT_FILE");
  if (file.empty()) file = from_environment("CURL_CA_BUNDLE");
  const std::string directory = from_environment("SSL_CERT_DIR");
  if (file.empty() && directory.empty()) file = kDebianBundle;
  bool loaded = true;
  if (!file.empty()) loaded = X509_STORE_load_file(store.get(), file.c_str()) == 1;
  if (!directory.empty()) X509_STORE_load_path(store.get(), directory.c_str());
  ERR_clear_error();
  return {std::move(store), loaded};
}

}  // namespace

void use_shared_certificates(void* ssl_context) noexcept {
  static std::mutex mutex;
  static Loaded shared;
  const std::scoped_lock lock(mutex);
  if (!shared.complete) shared = load_store();
  if (shared.store) {
    SSL_CTX_set1_cert_store(static_cast<SSL_CTX*>(ssl_context), shared.store.get());
  }
}

}  // namespace autoreply
