#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace autoreply::test {

/// A certificate with its key.
struct Certificate;

/// A certificate authority of the tests, and what it issues. Throws std::runtime_error if OpenSSL
/// refuses.
class TestAuthority final {
 public:
  TestAuthority();
  ~TestAuthority();
  TestAuthority(const TestAuthority&) = delete;
  TestAuthority& operator=(const TestAuthority&) = delete;

  struct Wish {
    std::string host = "localhost";
    int ends_in_seconds = 3'600;   ///< negative: it has expired
    bool self_signed = false;      ///< not by this authority
    bool by_intermediate = false;  ///< by an authority that this one has certified
    bool by_revoked = false;       ///< by one whose certificate this one has revoked
  };

  /// The paths of PEM files that stay until the authority is destroyed.
  struct Files {
    std::string chain;
    std::string key;
  };
  [[nodiscard]] Files issue(const Wish& wish);

  /// Writes a bundle to trust: this authority's certificate and its list of revoked certificates.
  /// Returns its path.
  [[nodiscard]] std::string bundle();

 private:
  std::filesystem::path directory_;
  std::unique_ptr<Certificate> root_;
  std::unique_ptr<Certificate> intermediate_;
  std::unique_ptr<Certificate> revoked_;
  int files_ = 0;
};

}  // namespace autoreply::test
