// `scripts/check coroutines`, which keeps out of the sources what g++ 12 compiles wrongly.

#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "base/uuid.h"
#include "support/process.h"

namespace autoreply::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// What the check says of a coroutine with this body; empty: nothing.
std::string complaint(const std::string& body) {
  const fs::path file = fs::temp_directory_path() / ("autoreply-" + random_uuid() + ".cc");
  std::ofstream(file) << "Task<int> coroutine(Request given = {1}) {\n" << body << "\n}\n";
  const Exit exit =
      run_to_end({.arguments = {"--file", file, "coroutines"},
                  .program = fs::path(AUTOREPLY_TEST_DATA).parent_path() / "scripts/check"});
  fs::remove(file);
  EXPECT_EQ(exit.status == 0, exit.out == "coroutines: ok\n") << exit.out << exit.err;
  return exit.status == 0 ? "" : exit.out;
}

TEST(CoroutineCheck, RefusesWhatIsDestroyedTwice) {
  EXPECT_THAT(complaint("co_await send({1, 2});"), HasSubstr(":2: braces in a statement"));
  EXPECT_THAT(complaint("f();\nco_await send(Request{.a = 1});"), HasSubstr(":3: braces"));
  EXPECT_THAT(complaint("const Reply reply{.a = co_await send(given)};"), HasSubstr("braces"));
  EXPECT_THAT(complaint("const std::vector<int> all = {co_await one()};"), HasSubstr("braces"));
  EXPECT_THAT(complaint("co_return std::vector<int>{co_await one()};"), HasSubstr("braces"));
  EXPECT_THAT(complaint("const int a = ready ? 1 : co_await one();"), HasSubstr("?:"));
  EXPECT_THAT(complaint("co_await each([given] { return given; });"),
              HasSubstr("a lambda's captures"));
  EXPECT_THAT(complaint("use([&](int n) { f({n}); }, co_await one());"),
              HasSubstr("a lambda's captures"));
}

TEST(CoroutineCheck, KnowsAMemberFromATypeAndALambdaFromAnIndex) {
  EXPECT_THAT(complaint("const auto x = co_await client->post({.url = 1});"), HasSubstr("braces"));
  EXPECT_THAT(complaint("co_await client()->post({.url = 1});"), HasSubstr("braces"));
  EXPECT_THAT(complaint("co_await f(std::make_unique<X>(this->s), {1, 2});"), HasSubstr("braces"));
  EXPECT_THAT(complaint("co_return co_await (p->q)(std::string{1});"), HasSubstr("braces"));
  EXPECT_THAT(complaint("co_await [s]() -> Task<void> { co_return; }();"),
              HasSubstr("a lambda's captures"));
}

TEST(CoroutineCheck, AllowsWhatHasAName) {
  EXPECT_EQ("", complaint(R"cc(
              // co_await send({1});
              const Request request{.a = 1, .b = "co_await send({1})"};
              const auto twice = [&request](int n) -> int { return n ? n : 1; };
              co_await each(twice);
              co_await each([](int n) { return n + 1; });
              if (co_await send(std::move(request))) {
                use({1});
              }
              for (const auto& one : co_await list()) use(one ? 1 : 2);
              while (!co_await is_done()) {
                int array[2] = {1, 2};
                array[co_await one()] = 1;
              }
              const auto inner = [](Gate& gate) -> Task<std::vector<int>> {
                co_await gate;
                co_return co_await list();
              };
              switch (co_await one()) {
                case 1:
                  co_await one();
                  break;
                default:
                  co_return 1;
              }
              try {
                co_await one();
              } catch (const Error& error) {
                use({1});
              })cc"));
}

}  // namespace
}  // namespace autoreply::test
