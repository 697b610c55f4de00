#include "support/test_authority.h"

#include <cstdio>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/uuid.h"

namespace autoreply::test {

template <auto Free>
struct Freed {
  template <class Owned>
  void operator()(Owned* owned) const {
    Free(owned);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Cert = std::unique_ptr<X509, Freed<X509_free>>;
using Crl = std::unique_ptr<X509_CRL, Freed<X509_CRL_free>>;
using File = std::unique_ptr<std::FILE, Freed<std::fclose>>;

namespace {

constexpr long kDaySeconds = 86'400;

void must(bool done) {
  if (!done) throw std::runtime_error("OpenSSL refuses to make a certificate");
}

File open_file(const std::filesystem::path& path) {
  File file(std::fopen(path.c_str(), "w"));
  must(file != nullptr);
  return file;
}

}  // namespace

struct Certificate {
  Key key;
  Cert cert;
};

namespace {

void add_extension(X509* cert, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, cert, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  must(extension != nullptr && X509_add_ext(cert, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

/// Makes a certificate; without an issuer it is self-signed.
std::unique_ptr<Certificate> make(const std::string& name,
                                  const Certificate* issuer,
                                  bool is_authority,
                                  long ends_in_seconds) {
  static int serial = 1;
  auto made = std::make_unique<Certificate>();
  made->key.reset(EVP_EC_gen("P-256"));
  made->cert.reset(X509_new());
  X509* const cert = made->cert.get();
  must(made->key != nullptr && X509_set_version(cert, 2) == 1);
  ASN1_INTEGER_set(X509_get_serialNumber(cert), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(cert), -kDaySeconds);
  X509_gmtime_adj(X509_getm_notAfter(cert), ends_in_seconds);
  must(X509_set_pubkey(cert, made->key.get()) == 1);
  X509_NAME* const subject = X509_get_subject_name(cert);
  const auto* const bytes = reinterpret_cast<const unsigned char*>(name.c_str());
  must(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, bytes, -1, -1, 0) == 1);
  X509* const signer = issuer == nullptr ? cert : issuer->cert.get();
  must(X509_set_issuer_name(cert, X509_get_subject_name(signer)) == 1);
  if (is_authority) {
    add_extension(cert, signer, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(cert, signer, NID_key_usage, "critical,keyCertSign,cRLSign");
  } else {
    add_extension(cert, signer, NID_subject_alt_name, "DNS:" + name);
  }
  EVP_PKEY* const key = issuer == nullptr ? made->key.get() : issuer->key.get();
  must(X509_sign(cert, key, EVP_sha256()) > 0);
  return made;
}

}  // namespace

TestAuthority::TestAuthority()
    : directory_(std::filesystem::temp_directory_path() / ("autoreply-ca-" + random_uuid())),
      root_(make("Authority of the tests", nullptr, true, kDaySeconds)),
      intermediate_(make("Intermediate of the tests", root_.get(), true, kDaySeconds)),
      revoked_(make("Revoked intermediate", root_.get(), true, kDaySeconds)) {
  std::filesystem::create_directory(directory_);
}

TestAuthority::~TestAuthority() {
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

TestAuthority::Files TestAuthority::issue(const Wish& wish) {
  const Certificate* const intermediate = wish.by_intermediate ? intermediate_.get()
                                          : wish.by_revoked    ? revoked_.get()
                                                               : nullptr;
  const Certificate* const by = intermediate == nullptr ? root_.get() : intermediate;
  const auto made = make(wish.host, wish.self_signed ? nullptr : by, false, wish.ends_in_seconds);
  const std::string name = std::to_string(++files_);
  const Files files{directory_ / (name + ".pem"), directory_ / (name + ".key")};
  const File chain = open_file(files.chain);
  must(PEM_write_X509(chain.get(), made->cert.get()) == 1);
  if (intermediate != nullptr) must(PEM_write_X509(chain.get(), intermediate->cert.get()) == 1);
  const File key = open_file(files.key);
  must(PEM_write_PrivateKey(key.get(), made->key.get(), nullptr, nullptr, 0, nullptr, nullptr) ==
       1);
  return files;
}

std::string TestAuthority::bundle() {
  const std::string path = directory_ / ("bundle-" + std::to_string(++files_) + ".pem");
  const File file = open_file(path);
  must(PEM_write_X509(file.get(), root_->cert.get()) == 1);
  const Crl crl(X509_CRL_new());
  must(X509_CRL_set_version(crl.get(), 1) == 1);
  must(X509_CRL_set_issuer_name(crl.get(), X509_get_subject_name(root_->cert.get())) == 1);
  const std::unique_ptr<ASN1_TIME, Freed<ASN1_TIME_free>> now(
      ASN1_TIME_set(nullptr, time(nullptr)));
  const std::unique_ptr<ASN1_TIME, Freed<ASN1_TIME_free>> later(
      ASN1_TIME_set(nullptr, time(nullptr) + kDaySeconds));
  X509_CRL_set1_lastUpdate(crl.get(), now.get());
  X509_CRL_set1_nextUpdate(crl.get(), later.get());
  X509_REVOKED* const revoked = X509_REVOKED_new();
  must(revoked != nullptr);
  X509_REVOKED_set_serialNumber(revoked, X509_get_serialNumber(revoked_->cert.get()));
  X509_REVOKED_set_revocationDate(revoked, now.get());
  must(X509_CRL_add0_revoked(crl.get(), revoked) == 1);
  X509_CRL_sort(crl.get());
  must(X509_CRL_sign(crl.get(), root_->key.get(), EVP_sha256()) > 0);
  must(PEM_write_X509_CRL(file.get(), crl.get()) == 1);
  return path;
}

}  // namespace autoreply::test
