// How the first session of a process finds a server that is not there yet.

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "store/postgres/postgres_session.h"
#include "support/loopback.h"

namespace autoreply::test {
namespace {

using namespace std::string_literals;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

/// Speaks as much of PostgreSQL's protocol as a connect needs. Refuses the first connections with
/// the given SQLSTATEs, one each; an empty one accepts the connection. Accepts all later ones.
class StartingServer final {
 public:
  explicit StartingServer(std::vector<std::string> refusals)
      : refusals_(std::move(refusals)),
        listener_(listen_on_loopback()),
        thread_([this] { serve(); }) {}

  ~StartingServer() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    for (const int link : links_) close(link);
    close(listener_);
  }

  StartingServer(const StartingServer&) = delete;
  StartingServer& operator=(const StartingServer&) = delete;

  [[nodiscard]] std::string url() const {
    return fmt::format("postgresql://u@127.0.0.1:{}/d?sslmode=disable", local_port(listener_));
  }
  [[nodiscard]] std::size_t connections() const { return connections_; }

 private:
  static std::string message(char type, const std::string& body) {
    const auto size = static_cast<std::uint32_t>(body.size() + 4);
    std::string text(1, type);
    for (const int shift : {24, 16, 8, 0}) text += static_cast<char>((size >> shift) & 0xFFU);
    return text + body;
  }

  static std::string refusal(const std::string& state) {
    return message('E', "SFATAL\0VFATAL\0C"s + state + "\0Mnot now\0Fpostmaster.c\0L1\0\0"s);
  }

  void serve() {
    for (;;) {
      const int link = accept(listener_, nullptr, nullptr);
      if (link < 0) return;
      links_.push_back(link);
      std::array<char, 1'024> startup{};
      if (recv(link, startup.data(), startup.size(), 0) <= 0) continue;
      const std::size_t number = connections_++;
      const std::string state = number < refusals_.size() ? refusals_[number] : "";
      const std::string answer =
          state.empty() ? message('R', "\0\0\0\0"s) + message('Z', "I") : refusal(state);
      if (send(link, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) continue;
      if (!state.empty()) shutdown(link, SHUT_RDWR);
    }
  }

  const std::vector<std::string> refusals_;
  const int listener_;
  std::vector<int> links_;
  std::atomic<std::size_t> connections_ = 0;
  std::thread thread_;  // last: it uses all of the above
};

TEST(FirstConnect, WaitsForAServerThatIsStartingStoppingOrFull) {
  StartingServer server({"57P03", "57P01", "53300"});
  const auto session = PostgresSession::open(server.url(), seconds{20});
  EXPECT_TRUE(session) << session.error().message;
  EXPECT_EQ(4U, server.connections());
}

TEST(FirstConnect, FailsAtOnceForEveryOtherRefusal) {
  for (const char* state : {"28P01", "28000", "3D000", "42501", "08P01", "57P02"}) {
    StartingServer server({state});
    const auto session = PostgresSession::open(server.url(), seconds{20});
    ASSERT_FALSE(session) << state;
    EXPECT_EQ(ErrorKind::unavailable, session.error().kind);
    EXPECT_THAT(session.error().message, HasSubstr("not now"));
    EXPECT_THAT(session.error().message, Not(HasSubstr("postmaster.c")));
    EXPECT_EQ(1U, server.connections()) << state;
  }
}

TEST(FirstConnect, WaitsForAnAddressThatRefuses) {
  // A port that is bound but does not listen yet refuses connections, and no other process can take
  // it.
  const int door = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(0, bind(door, reinterpret_cast<sockaddr*>(&address), sizeof address));
  const std::string url =
      fmt::format("postgresql://u@127.0.0.1:{}/d?sslmode=disable", local_port(door));
  const auto begun = std::chrono::steady_clock::now();
  const auto session = PostgresSession::open(url, milliseconds{300});
  ASSERT_FALSE(session);
  EXPECT_EQ(ErrorKind::unavailable, session.error().kind);
  EXPECT_GE(std::chrono::steady_clock::now() - begun, milliseconds{300});
  close(door);
}

TEST(FirstConnect, WaitsForANameThatDoesNotResolve) {
  const auto begun = std::chrono::steady_clock::now();
  const auto session =
      PostgresSession::open("postgresql://u@no-such-host.invalid/d", milliseconds{300});
  ASSERT_FALSE(session);
  EXPECT_GE(std::chrono::steady_clock::now() - begun, milliseconds{300});
}

TEST(FirstConnect, DoesNotWaitForAWrongParameter) {
  const auto begun = std::chrono::steady_clock::now();
  const auto session =
      PostgresSession::open("postgresql://u@127.0.0.1:1/d?sslmode=nonsense", seconds{20});
  ASSERT_FALSE(session);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, seconds{4});
}

TEST(FirstConnect, HearsAStopMeanwhile) {
  std::stop_source stop;
  const auto clock = std::make_shared<OutageClock>(seconds{20}, stop.get_token());
  stop.request_stop();
  StartingServer server({"57P03", "57P03", "57P03", "57P03"});
  ASSERT_FALSE(PostgresSession::open(server.url(), clock));
  EXPECT_EQ(1U, server.connections());
}

}  // namespace
}  // namespace autoreply::test
