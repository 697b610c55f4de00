#include "net/certificate_store.h"

#include <array>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

namespace autoreply {
namespace {

constexpr std::array kBundles = {
    "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Ubuntu, Arch, Alpine
    "/etc/pki/tls/certs/ca-bundle.crt",                   // Fedora, Red Hat, Amazon Linux
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // what the former links to
    "/etc/ssl/ca-bundle.pem",                             // SUSE
    "/etc/ssl/cert.pem",                                  // OpenSSL's own layout
};

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

/// A bundle may list revoked certificates. Authorities without a list are believed, since none of
/// the public ones has its list in a bundle.
int accept_missing_lists(int accepted, X509_STORE_CTX* context) {
  if (accepted == 0 && X509_STORE_CTX_get_error(context) == X509_V_ERR_UNABLE_TO_GET_CRL) {
    X509_STORE_CTX_set_error(context, X509_V_OK);
    return 1;
  }
  return accepted;
}

bool has_revocation_lists(X509_STORE* store) {
  STACK_OF(X509_OBJECT)* const objects = X509_STORE_get0_objects(store);
  for (int at = 0; at < sk_X509_OBJECT_num(objects); ++at) {
    if (X509_OBJECT_get_type(sk_X509_OBJECT_value(objects, at)) == X509_LU_CRL) return true;
  }
  return false;
}

Loaded load_store() {
  Store store(X509_STORE_new());
  if (!store) return {};
  // A bundle may contain an intermediate authority alone. curl and OpenSSL's tools trust it as
  // well.
  X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_TRUSTED_FIRST);
  std::string file = from_environment("SSL_CERT_FILE");
  if (file.empty()) file = from_environment("CURL_CA_BUNDLE");
  const std::string directory = from_environment("SSL_CERT_DIR");
  if (file.empty() && directory.empty()) file = distribution_bundle();
  bool loaded = true;
  if (!file.empty()) loaded = X509_STORE_load_file(store.get(), file.c_str()) == 1;
  if (!directory.empty()) X509_STORE_load_path(store.get(), directory.c_str());
  ERR_clear_error();
  if (has_revocation_lists(store.get())) {
    X509_STORE_set_flags(store.get(), X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
    X509_STORE_set_verify_cb(store.get(), &accept_missing_lists);
  }
  return {std::move(store), loaded};
}

/// What the process shares, read if it is not yet complete. Call it under `shared_mutex`.
Loaded& shared_certificates() {
  static Loaded shared;
  if (!shared.complete) shared = load_store();
  return shared;
}

std::mutex& shared_mutex() {
  static std::mutex mutex;
  return mutex;
}

}  // namespace

std::string distribution_bundle(const std::string& root) {
  for (const char* bundle : kBundles) {
    std::string path = root + bundle;
    // One that may not be read is no answer, and neither is a folder.
    std::ifstream file(path);
    if (file.peek() != std::ifstream::traits_type::eof()) return path;
  }
  return root + kBundles.front();
}

bool read_shared_certificates() noexcept {
  const std::scoped_lock lock(shared_mutex());
  return shared_certificates().complete;
}

void use_shared_certificates(void* ssl_context) noexcept {
  const std::scoped_lock lock(shared_mutex());
  if (const Loaded& shared = shared_certificates(); shared.store) {
    SSL_CTX_set1_cert_store(static_cast<SSL_CTX*>(ssl_context), shared.store.get());
  }
}

}  // namespace autoreply
