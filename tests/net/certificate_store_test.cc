// Where the certificates of a distribution are looked for.

#include "net/certificate_store.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/uuid.h"

namespace autoreply {
namespace {

namespace fs = std::filesystem;

class DistributionBundle : public testing::Test {
 protected:
  ~DistributionBundle() override { fs::remove_all(root_); }

  void write(const std::string& path, const std::string& text = "certificates") const {
    fs::create_directories(fs::path(root_ + path).parent_path());
    std::ofstream(root_ + path) << text;
  }

  const std::string root_ = fs::path(testing::TempDir()) / ("autoreply-" + random_uuid());
};

TEST_F(DistributionBundle, IsFoundWhereEachDistributionKeepsIt) {
  for (const char* path : {"/etc/ssl/certs/ca-certificates.crt",
                           "/etc/pki/tls/certs/ca-bundle.crt",
                           "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
                           "/etc/ssl/ca-bundle.pem",
                           "/etc/ssl/cert.pem"}) {
    write(path);
    EXPECT_EQ(root_ + path, distribution_bundle(root_));
    fs::remove_all(root_);
  }
}

TEST_F(DistributionBundle, IsAFileThatHoldsSomething) {
  write("/etc/ssl/certs/ca-certificates.crt", "");
  fs::create_directories(root_ + "/etc/pki/tls/certs/ca-bundle.crt");
  write("/etc/ssl/cert.pem");
  EXPECT_EQ(root_ + "/etc/ssl/cert.pem", distribution_bundle(root_));
}

TEST_F(DistributionBundle, IsDebiansIfThereIsNone) {
  EXPECT_EQ(root_ + "/etc/ssl/certs/ca-certificates.crt", distribution_bundle(root_));
}

}  // namespace
}  // namespace autoreply
