#include "net/api_keys.h"

#include <filesystem>
#include <fstream>
#include <map>

#include <gtest/gtest.h>
#include <unistd.h>

namespace autoreply {
namespace {

namespace fs = std::filesystem;

class ApiKeys : public testing::Test {
 protected:
  ApiKeys() {
    std::string pattern = (fs::temp_directory_path() / "api-keys-XXXXXX").string();
    root_ = mkdtemp(pattern.data());
    fs::create_directory(root_ / "keys");
    fs::create_directory(root_ / "keys-of-others");
    write("keys/tenant", " sk-from-file\n");
    write("outside", "sk-outside");
    write("keys-of-others/other", "sk-other");
    fs::create_symlink(root_ / "outside", root_ / "keys" / "link-out");
    fs::create_symlink("tenant", root_ / "keys" / "link-in");
    policy_.key_dirs = {(root_ / "keys").string()};
    variables_ = {{"AUTOREPLY_KEY_A", "sk-a"}, {"OPENAI_API_KEY", "sk-own"}, {"HOME", "/root"}};
  }
  ~ApiKeys() override { fs::remove_all(root_); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(root_ / name) << text;
  }

  /// The key, "(none)", or "refused" or "misconfigured".
  [[nodiscard]] std::string found(const std::string& row_key,
                                  const std::string& host = "api.openai.com",
                                  bool built_in = true) const {
    const Environment environment = [this](const std::string& name) -> std::optional<std::string> {
      const auto entry = variables_.find(name);
      if (entry == variables_.end()) return std::nullopt;
      return entry->second;
    };
    const auto key = find_key({row_key, "OPENAI_API_KEY", host, built_in}, policy_, environment);
    if (key) return key->empty() ? "(none)" : key->reveal();
    EXPECT_EQ(std::string::npos, key.error().message.find("sk-")) << key.error().message;
    return key.error().kind == ErrorKind::refused ? "refused" : "misconfigured";
  }

  [[nodiscard]] std::string file(const std::string& name) const {
    return "file:" + (root_ / name).string();
  }

  fs::path root_;
  KeyPolicy policy_;
  std::map<std::string, std::string> variables_;
};

TEST_F(ApiKeys, SendsALiteralKeyAnywhere) {
  EXPECT_EQ("sk-row", found("sk-row"));
  EXPECT_EQ("sk-row", found(" sk-row\n", "tenant.example", false));
}

TEST_F(ApiKeys, RefusesKeysThatDoNotFitIntoAHeader) {
  EXPECT_EQ("refused", found("sk-a\r\nX-Injected: 1"));
  EXPECT_EQ("refused", found("sk a"));
  EXPECT_EQ("refused", found("sk-\xC3\xA9"));
  EXPECT_EQ("refused", found(std::string(5'000, 'k')));
}

TEST_F(ApiKeys, SendsTheOperatorsOwnKeyToTrustedHostsOnly) {
  EXPECT_EQ("sk-own", found(""));
  EXPECT_EQ("(none)", found("", "tenant.example", false));
  policy_.key_hosts = {"Gateway.Example"};
  EXPECT_EQ("sk-own", found("", "gateway.example", false));
  EXPECT_EQ("(none)", found("", "evil.gateway.example", false));
}

TEST_F(ApiKeys, TakesTheOperatorsKeyFromAFile) {
  variables_.erase("OPENAI_API_KEY");
  EXPECT_EQ("(none)", found(""));
  variables_["OPENAI_API_KEY_FILE"] = (root_ / "outside").string();
  EXPECT_EQ("sk-outside", found(""));
  variables_["OPENAI_API_KEY_FILE"] = (root_ / "missing").string();
  EXPECT_EQ("misconfigured", found(""));
}

TEST_F(ApiKeys, FollowsReferencesToTrustedHostsOnly) {
  EXPECT_EQ("sk-a", found("env:AUTOREPLY_KEY_A"));
  EXPECT_EQ("refused", found("env:AUTOREPLY_KEY_A", "tenant.example", false));
  EXPECT_EQ("refused", found(file("keys/tenant"), "tenant.example", false));
  policy_.key_hosts = {"tenant.example"};
  EXPECT_EQ("sk-a", found("env:AUTOREPLY_KEY_A", "tenant.example", false));
}

TEST_F(ApiKeys, ReadsNoOtherVariables) {
  EXPECT_EQ("refused", found("env:HOME"));
  EXPECT_EQ("refused", found("env:OPENAI_API_KEY"));
  EXPECT_EQ("refused", found("env:AUTOREPLY_KEY_"));
  EXPECT_EQ("refused", found("env:sk-pasted-by-mistake"));
  EXPECT_EQ("misconfigured", found("env:AUTOREPLY_KEY_MISSING"));
}

TEST_F(ApiKeys, ReadsFilesBelowAKeyDirOnly) {
  EXPECT_EQ("sk-from-file", found(file("keys/tenant")));
  EXPECT_EQ("sk-from-file", found(file("keys/link-in")));
  EXPECT_EQ("refused", found(file("keys/link-out")));
  EXPECT_EQ("refused", found(file("keys/../outside")));
  EXPECT_EQ("refused", found(file("keys-of-others/other")));
  EXPECT_EQ("refused", found(file("keys/missing")));
  EXPECT_EQ("refused", found("file:/etc/passwd"));
  EXPECT_EQ("refused", found("file:keys/tenant"));
  EXPECT_EQ("refused", found(file("keys")));
  policy_.key_dirs = {"/nonexistent"};
  EXPECT_EQ("refused", found(file("keys/tenant")));
}

TEST_F(ApiKeys, BoundsWhatItReads) {
  write("keys/large", std::string(100'000, 'k'));
  write("keys/empty", "\n");
  EXPECT_EQ("misconfigured", found(file("keys/large")));
  EXPECT_EQ("misconfigured", found(file("keys/empty")));
}

}  // namespace
}  // namespace autoreply
