// The stand-in as a program: provider and host on one port, for the demo and for experiments by
// hand.
//
//   standin [--port N] [--callbacks FILE]
//
// Prints its address and appends each callback as a line of JSON to FILE. Ends on SIGTERM, SIGINT,
// or the end of the process that started it.

#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include <sys/prctl.h>
#include <unistd.h>

#include "support/demo_replies.h"
#include "support/standin.h"

namespace {

using autoreply::test::Answer;
using autoreply::test::ReceivedRequest;
using autoreply::test::StandIn;

struct Options {
  int port = 0;
  std::string callbacks;
};

std::optional<Options> parse(int argc, char** argv) {
  Options options;
  for (int at = 1; at + 1 < argc; at += 2) {
    const std::string_view name = argv[at];
    if (name == "--port") {
      options.port = std::stoi(argv[at + 1]);
    } else if (name == "--callbacks") {
      options.callbacks = argv[at + 1];
    } else {
      return std::nullopt;
    }
  }
  return argc % 2 == 1 ? std::optional(options) : std::nullopt;
}

int serve(const Options& options, const sigset_t& stops) {
  StandIn standin(options.port);
  standin.provider.answer_always([](const ReceivedRequest& request) {
    return autoreply::test::chat_completion(
        autoreply::test::demo_reply(autoreply::test::last_user_message(request)));
  });
  std::mutex writing;
  std::ofstream callbacks(options.callbacks, std::ios::app);
  standin.host.answer_always([&](const ReceivedRequest& request) -> Answer {
    const std::lock_guard lock(writing);
    if (callbacks.is_open()) callbacks << request.body << std::endl;
    return {.status = 200, .body = R"({"success":true})"};
  });
  std::cout << "listening on " << standin.url() << std::endl;
  int signal = 0;
  sigwait(&stops, &signal);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const pid_t parent = getppid();
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) return 0;
  sigset_t stops;
  sigemptyset(&stops);
  sigaddset(&stops, SIGTERM);
  sigaddset(&stops, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stops, nullptr);
  try {
    if (const auto options = parse(argc, argv)) return serve(*options, stops);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "standin: %s\n", error.what());
    return 1;
  }
  std::fputs("usage: standin [--port N] [--callbacks FILE]\n", stderr);
  return 64;
}
