#include "net/api_keys.h"

#include <filesystem>
#include <fstream>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace autoreply {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class ApiKeys : public testing::Test {
 protected:
  ApiKeys() {
    std::string pattern = (fs::temp_directory_path() / "api-keys-XXXXXX").string();
    root_ = mkdtemp(pattern.data());
    for (const char* directory : {"keys", "keys/acme", "keys/other", "keys-too", "keys/..data"}) {
      fs::create_directory(root_ / directory);
    }
    write("keys/acme/key", " sk-from-file\n");
    write("keys/other/key", "sk-other");
    write("keys/shared", "sk-shared");
    write("outside", "sk-outside");
    write("keys-too/key", "sk-too");
    write("keys/..data/key", "sk-mounted");
    fs::create_symlink(root_ / "outside", root_ / "keys/acme/link-out");
    fs::create_symlink("../other/key", root_ / "keys/acme/link-to-other");
    fs::create_symlink("key", root_ / "keys/acme/link-in");
    fs::create_symlink("..data", root_ / "keys/mounted");
    fs::create_symlink(root_, root_ / "keys/astray");
    policy_.key_dirs = {(root_ / "keys").string()};
    variables_ = {{"AUTOREPLY_KEY_ACME", "sk-acme\r\n"},
                  {"AUTOREPLY_KEY_ACME__PROD", "sk-prod"},
                  {"AUTOREPLY_KEY_OTHER", "sk-other"},
                  {"AUTOREPLY_KEY_ACME_EAST", "sk-east"},
                  {"AUTOREPLY_KEY_DIR", "sk-dir"},
                  {"AUTOREPLY_KEY_HOST", "sk-host"},
                  {"OPENAI_API_KEY", "sk-own"},
                  {"HOME", "/root"}};
    request_.workspace_id = "acme";
    request_.key_variable = "OPENAI_API_KEY";
    request_.host = "api.openai.com";
    request_.built_in_address = true;
    request_.key_required = true;
  }
  ~ApiKeys() override { fs::remove_all(root_); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(root_ / name) << text;
  }

  void call_tenants_address(const std::string& host = "tenant.example") {
    request_.host = host;
    request_.built_in_address = false;
  }

  /// Returns the key and its owner, or whose problem it is.
  [[nodiscard]] std::string found(const std::string& row_key) {
    request_.row_key = row_key;
    const Environment environment = [this](const std::string& name) -> std::optional<std::string> {
      const auto entry = variables_.find(name);
      if (entry == variables_.end()) return std::nullopt;
      return entry->second;
    };
    const auto key = find_key(request_, policy_, environment);
    const KeyOwner owner = key ? key->owner : key.error().owner;
    const std::string whose = owner == KeyOwner::workspace ? "workspace" : "operator";
    if (key) return whose + ": " + (key->key.empty() ? "(none)" : key->key.reveal());
    reason_ = key.error().reason;
    EXPECT_THAT(reason_, Not(HasSubstr("sk-")));
    return "wrong of the " + whose;
  }

  [[nodiscard]] std::string file(const std::string& name) const {
    return "file:" + (root_ / name).string();
  }

  fs::path root_;
  KeyPolicy policy_;
  KeyRequest request_;
  std::map<std::string, std::string> variables_;
  std::string reason_;  ///< reason of the last problem
};

TEST_F(ApiKeys, SendsALiteralKeyAnywhere) {
  EXPECT_EQ("workspace: sk-row", found("sk-row"));
  call_tenants_address();
  EXPECT_EQ("workspace: sk-row", found(" sk-row\n"));
}

TEST_F(ApiKeys, RefusesKeysThatDoNotFitIntoAHeader) {
  const std::string too_long(5'000, 'k');
  for (const std::string& key : {std::string("sk-a\r\nX-Injected: 1"),
                                 std::string("sk a"),
                                 std::string("sk-\xC3\xA9"),
                                 too_long}) {
    EXPECT_EQ("wrong of the workspace", found(key));
    EXPECT_THAT(reason_, HasSubstr("store the bare key"));
  }
}

TEST_F(ApiKeys, SendsTheOperatorsOwnKeyToTrustedHostsOnly) {
  EXPECT_EQ("operator: sk-own", found(""));
  call_tenants_address("gateway.example");
  EXPECT_EQ("workspace: (none)", found(""));
  policy_.key_hosts = {"Gateway.Example"};
  EXPECT_EQ("operator: sk-own", found(""));
  call_tenants_address("evil.gateway.example");
  EXPECT_EQ("workspace: (none)", found(""));
}

TEST_F(ApiKeys, TakesTheOperatorsKeyFromAFile) {
  variables_["OPENAI_API_KEY"] = " \n";
  variables_["OPENAI_API_KEY_FILE"] = (root_ / "keys/acme/key").string() + "\n";
  EXPECT_EQ("operator: sk-from-file", found(""));
}

TEST_F(ApiKeys, TellsThatTheOperatorHasNoKey) {
  variables_.erase("OPENAI_API_KEY");
  EXPECT_EQ("wrong of the operator", found(""));
  EXPECT_EQ("set OPENAI_API_KEY or the workspace's api_key", reason_);
  variables_["OPENAI_API_KEY_FILE"] = (root_ / "missing").string();
  EXPECT_EQ("wrong of the operator", found(""));
  EXPECT_THAT(reason_, HasSubstr("OPENAI_API_KEY_FILE"));
  variables_ = {{"OPENAI_API_KEY", "two words"}};
  EXPECT_EQ("wrong of the operator", found(""));
  variables_.clear();
  request_.key_required = false;
  EXPECT_EQ("operator: (none)", found(""));
}

TEST_F(ApiKeys, FollowsReferencesToTrustedHostsOnly) {
  EXPECT_EQ("workspace: sk-acme", found("env:AUTOREPLY_KEY_ACME"));
  call_tenants_address();
  EXPECT_EQ("wrong of the workspace", found("env:AUTOREPLY_KEY_ACME"));
  EXPECT_THAT(reason_, HasSubstr("--key-host"));
  EXPECT_EQ("wrong of the workspace", found(file("keys/acme/key")));
  policy_.key_hosts = {"tenant.example"};
  EXPECT_EQ("workspace: sk-acme", found("env:AUTOREPLY_KEY_ACME"));
}

TEST_F(ApiKeys, ReadsTheWorkspacesOwnVariablesOnly) {
  EXPECT_EQ("workspace: sk-acme", found(" ENV: AUTOREPLY_KEY_ACME "));
  EXPECT_EQ("workspace: sk-prod", found("env:AUTOREPLY_KEY_ACME__PROD"));
  for (const char* row_key : {"env:HOME",
                              "env:OPENAI_API_KEY",
                              "env:",
                              "env:AUTOREPLY_KEY_",
                              "env:AUTOREPLY_KEY_OTHER",
                              "env:AUTOREPLY_KEY_ACME_EAST",
                              "env:AUTOREPLY_KEY_ACME__",
                              "env:AUTOREPLY_KEY_ACME___X",
                              "env:AUTOREPLY_KEY_ACME__\xC3\xA9",
                              "env:autoreply_key_acme",
                              "env:sk-pasted-by-mistake"}) {
    EXPECT_EQ("wrong of the workspace", found(row_key)) << row_key;
    EXPECT_THAT(reason_, HasSubstr("AUTOREPLY_KEY_ACME")) << row_key;
  }
  request_.workspace_id = "acme-east";
  EXPECT_EQ("workspace: sk-east", found("env:AUTOREPLY_KEY_ACME_EAST"));
}

TEST_F(ApiKeys, ReadsTheFileOfAVariable) {
  EXPECT_EQ("wrong of the workspace", found("env:AUTOREPLY_KEY_ACME__FILED"));
  EXPECT_THAT(reason_,
              HasSubstr("set AUTOREPLY_KEY_ACME__FILED or AUTOREPLY_KEY_ACME__FILED_FILE"));
  variables_["AUTOREPLY_KEY_ACME__FILED_FILE"] = (root_ / "outside").string();
  EXPECT_EQ("workspace: sk-outside", found("env:AUTOREPLY_KEY_ACME__FILED"));
  // The path is not a key.
  EXPECT_EQ("wrong of the workspace", found("env:AUTOREPLY_KEY_ACME__FILED_FILE"));
  variables_["AUTOREPLY_KEY_ACME__FILED_FILE"] = (root_ / "missing").string();
  EXPECT_EQ("wrong of the workspace", found("env:AUTOREPLY_KEY_ACME__FILED"));
}

TEST_F(ApiKeys, TakesNoOptionForAKey) {
  for (const char* id : {"dir", "host"}) {
    request_.workspace_id = id;
    const std::string variable = key_variable_of(id);
    EXPECT_EQ("wrong of the workspace", found("env:" + variable));
    policy_.shared_keys = true;
    EXPECT_EQ("wrong of the workspace", found("env:" + variable));
    EXPECT_EQ("wrong of the workspace", found("env:" + variable + "_FILE"));
    policy_.shared_keys = false;
  }
}

TEST_F(ApiKeys, ReadsFilesOfTheWorkspaceOnly) {
  EXPECT_EQ("workspace: sk-from-file", found(file("keys/acme/key")));
  EXPECT_EQ("workspace: sk-from-file", found(file("keys/acme/link-in")));
  for (const std::string& row_key : {file("keys/other/key"),
                                     file("keys/shared"),
                                     file("keys/acme"),
                                     file("keys/acme/missing"),
                                     file("keys/acme/link-out"),
                                     file("keys/acme/link-to-other"),
                                     file("keys/acme/../acme/key"),
                                     file("keys/acme/../../outside"),
                                     file("keys-too/key"),
                                     std::string("file:"),
                                     std::string("file:key"),
                                     std::string("file:/etc/passwd")}) {
    EXPECT_EQ("wrong of the workspace", found(row_key)) << row_key;
    EXPECT_THAT(reason_, HasSubstr("KEY-DIR/acme/")) << row_key;
  }
  policy_.key_dirs = {"/nonexistent", (root_ / "keys").string() + "/"};
  EXPECT_EQ("workspace: sk-from-file", found(file("keys/acme/key")));
  // Kubernetes links what it mounts. A link that leaves the key directory gives no access.
  request_.workspace_id = "mounted";
  EXPECT_EQ("workspace: sk-mounted", found(file("keys/mounted/key")));
  request_.workspace_id = "astray";
  EXPECT_EQ("wrong of the workspace", found(file("keys/astray/outside")));
  policy_.key_dirs.clear();
  EXPECT_EQ("wrong of the workspace", found(file("keys/mounted/key")));
}

TEST_F(ApiKeys, BoundsWhatItReads) {
  write("keys/acme/large", std::string(100'000, 'k'));
  write("keys/acme/empty", "\n");
  EXPECT_EQ("wrong of the workspace", found(file("keys/acme/large")));
  EXPECT_EQ("wrong of the workspace", found(file("keys/acme/empty")));
}

TEST_F(ApiKeys, SharesTheOperatorsKeysIfTheySaySo) {
  policy_.shared_keys = true;
  for (const char* id : {"acme", "", "a__b", "ein Café"}) {
    request_.workspace_id = id;
    EXPECT_EQ("operator: sk-other", found("env:AUTOREPLY_KEY_OTHER"));
    EXPECT_EQ("operator: sk-other", found(file("keys/other/key")));
    EXPECT_EQ("operator: sk-shared", found(file("keys/shared")));
  }
  EXPECT_EQ("workspace: sk-row", found("sk-row"));
  EXPECT_EQ("wrong of the workspace", found("env:HOME"));
  EXPECT_EQ("wrong of the workspace", found("env:AUTOREPLY_KEY_"));
  EXPECT_EQ("wrong of the workspace", found(file("keys-too/key")));
  EXPECT_EQ("wrong of the workspace", found(file("keys/acme/link-out")));
}

TEST_F(ApiKeys, KnowsWhichIdsHaveReferences) {
  EXPECT_EQ("AUTOREPLY_KEY_A_B1", key_variable_of("a-B1"));
  EXPECT_EQ("AUTOREPLY_KEY_0F9C_11EF", key_variable_of("0f9c-11ef"));
  for (const char* id :
       {"", "a__b", "a--b", "a-_b", "a.b", "../a", "a/b", "a b", "\xC3\xA9", "a\n"}) {
    EXPECT_EQ("", key_variable_of(id)) << id;
    request_.workspace_id = id;
    EXPECT_EQ("wrong of the workspace", found("env:AUTOREPLY_KEY_ACME")) << id;
    EXPECT_THAT(reason_, HasSubstr("the workspace's id")) << id;
    EXPECT_EQ("wrong of the workspace", found(file("keys/acme/key"))) << id;
    EXPECT_EQ("operator: sk-own", found("")) << id;
  }
}

TEST_F(ApiKeys, GivesNoReferencesToIdsOfTheSameName) {
  request_.shares_key_name = true;
  EXPECT_EQ("wrong of the workspace", found("env:AUTOREPLY_KEY_ACME"));
  EXPECT_EQ("wrong of the workspace", found(file("keys/acme/key")));
  EXPECT_THAT(reason_, HasSubstr("two workspaces"));
  EXPECT_EQ("workspace: sk-row", found("sk-row"));
  policy_.shared_keys = true;
  EXPECT_NE("wrong of the workspace", found("env:AUTOREPLY_KEY_ACME"));
}

}  // namespace
}  // namespace autoreply
