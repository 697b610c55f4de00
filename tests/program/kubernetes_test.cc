// Whether a cluster takes the manifests in cron/, by the schema of Kubernetes' API and by the Pod
// Security Standard "restricted". fixtures/kubernetes/extract.py says where the schema is from.

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

#include "base/uuid.h"
#include "support/process.h"

namespace autoreply::test {
namespace {

namespace fs = std::filesystem;

using testing::HasSubstr;

const fs::path kManifests = fs::path(AUTOREPLY_TEST_DATA).parent_path() / "cron";

class Manifests : public testing::Test {
 protected:
  void SetUp() override { fs::create_directory(directory_); }
  void TearDown() override { fs::remove_all(directory_); }

  static Exit validated(const fs::path& manifest) {
    const fs::path tools = fs::path(AUTOREPLY_TEST_DATA) / "fixtures/kubernetes";
    return run_to_end({.arguments = {tools / "validate.py",
                                     manifest,
                                     tools / "schema.json",
                                     tools / "restricted.json"},
                       .program = "/usr/bin/python3"});
  }

  /// Expects a complaint about the CronJob once `text` in it is replaced.
  void expect_refused(const std::string& text,
                      const std::string& replacement,
                      const std::string& complaint) const {
    std::ifstream original(kManifests / "kubernetes.yaml");
    std::string manifest(std::istreambuf_iterator<char>(original), {});
    const std::size_t at = manifest.find(text);
    ASSERT_NE(std::string::npos, at) << text;
    manifest.replace(at, text.size(), replacement);
    const fs::path changed = directory_ / "changed.yaml";
    std::ofstream(changed) << manifest;
    const Exit refused = validated(changed);
    EXPECT_EQ(1, refused.status) << replacement;
    EXPECT_THAT(refused.out + refused.err, HasSubstr(complaint));
  }

  const fs::path directory_ = fs::path(testing::TempDir()) / ("autoreply-" + random_uuid());
};

TEST_F(Manifests, HoldOnlyWhatTheApiKnowsAndAreRestricted) {
  int manifests = 0;
  for (const fs::directory_entry& file : fs::directory_iterator(kManifests)) {
    if (!file.path().filename().string().starts_with("kubernetes")) continue;
    ++manifests;
    const Exit exit = validated(file.path());
    EXPECT_EQ(0, exit.status) << file.path() << "\n" << exit.out << exit.err;
  }
  EXPECT_EQ(3, manifests);
}

TEST_F(Manifests, AreRefusedWithAMistake) {
  expect_refused("backoffLimit:", "backofLimit:", "'backofLimit' was unexpected");
  expect_refused("readOnly: true", "readonly: true", "'readonly' was unexpected");
  expect_refused("mountPath:", "mountpath:", "'mountPath' is a required property");
  expect_refused("Policy: Allow", "Policy: Always", "'Always' is not one of ['Allow',");
  expect_refused("batch/v1", "batch/v1beta1", "'batch/v1' was expected");
  expect_refused(
      "startingDeadlineSeconds: 50", "startingDeadlineSeconds: 50s", "is not of type 'integer'");
  expect_refused("backoffLimit: 0", "backoffLimit: 0\n      backoffLimit: 1", "given twice");
}

TEST_F(Manifests, AreRefusedWithRightsThatTheyDoNotNeed) {
  expect_refused("drop: [ALL]", "drop: [KILL]", "capabilities.drop");
  expect_refused("runAsNonRoot: true", "runAsNonRoot: false", "runAsNonRoot: True was expected");
  expect_refused("runAsUser: 65532", "runAsUser: 0", "securityContext.runAsUser");
  expect_refused("type: RuntimeDefault", "type: Unconfined", "seccompProfile.type");
  expect_refused("secret:\n", "hostPath:\n", "'hostPath' is not one of");
}

}  // namespace
}  // namespace autoreply::test
