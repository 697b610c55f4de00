#include "support/standin.h"

#include <algorithm>
#include <cctype>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <limits>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <httplib.h>
#include <netinet/in.h>
#include <nlohmann/json.hpp>
#include <sys/socket.h>

namespace autoreply::test {
namespace {

constexpr const char* kAddress = "127.0.0.1";
constexpr const char* kProviderPath = "/v1/chat/completions";
constexpr const char* kHostPath = "/send-sms";
/// Patterns of the paths of other protocols.
constexpr const char* kOtherProviderPaths[] = {
    "/v1/messages", "/v1/responses", "/api/chat", "/openai/.*", "/v1beta/models/.*"};

ReceivedRequest received(const httplib::Request& request) {
  ReceivedRequest result;
  result.path = request.path;
  result.body = request.body;
  for (const auto& [name, value] : request.headers) {
    std::string lower = name;
    std::ranges::transform(lower, lower.begin(), [](unsigned char letter) {
      return static_cast<char>(std::tolower(letter));
    });
    result.headers[lower] = value;
  }
  return result;
}

/// Shuts down the server's side of the connection from `client_port`. The library can neither
/// suppress an answer nor reveal the socket, so the socket is found by its peer, which is unique
/// while it is being served.
void hang_up(int client_port) {
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    const int fd = std::stoi(entry.path().filename());
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    void* const address = &peer;
    if (getpeername(fd, static_cast<sockaddr*>(address), &size) == 0 &&
        peer.sin_family == AF_INET && ntohs(peer.sin_port) == client_port) {
      shutdown(fd, SHUT_RDWR);
      return;
    }
  }
}

void serve(Endpoint& endpoint, const httplib::Request& request, httplib::Response& response) {
  const Answer answer = endpoint.serve(received(request));
  if (answer.hang_up) return hang_up(request.remote_port);
  response.status = answer.status;
  for (const auto& [name, value] : answer.headers) response.set_header(name, value);
  response.set_content(answer.body, "application/json");
}

/// Starts a thread only for a connection that finds none idle. Most tests have a few connections,
/// and 192 threads under AddressSanitizer would cost more than the rest of the test.
class GrowingPool final : public httplib::TaskQueue {
 public:
  void enqueue(std::function<void()> connection) override {
    const std::scoped_lock lock(mutex_);
    waiting_.push_back(std::move(connection));
    if (waiting_.size() > idle_ && threads_.size() < StandIn::kConnectionsMax) {
      threads_.emplace_back([this] { work(); });
    }
    changed_.notify_one();
  }

  void shutdown() override {
    {
      const std::scoped_lock lock(mutex_);
      ended_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  void work() {
    std::unique_lock lock(mutex_);
    for (;;) {
      ++idle_;
      changed_.wait(lock, [&] { return ended_ || !waiting_.empty(); });
      --idle_;
      if (waiting_.empty()) return;
      const std::function<void()> serve_connection = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      serve_connection();
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  std::vector<std::thread> threads_;
  std::size_t idle_ = 0;
  bool ended_ = false;
};

Answer reply_friendly(const ReceivedRequest& request) {
  return reply_to(request, friendly_reply(last_user_message(request)));
}

Answer accept_sms(const ReceivedRequest&) {
  return {.status = 200, .body = R"({"success":true})"};
}

}  // namespace

Answer chat_completion(std::string_view text, std::string_view finish_reason) {
  const nlohmann::json body = {{"id", "chatcmpl-standin"},
                               {"object", "chat.completion"},
                               {"model", kAnsweringModel},
                               {"choices",
                                {{{"index", 0},
                                  {"message", {{"role", "assistant"}, {"content", text}}},
                                  {"finish_reason", finish_reason}}}},
                               {"usage",
                                {{"prompt_tokens", kPromptTokens},
                                 {"completion_tokens", kCompletionTokens},
                                 {"total_tokens", kPromptTokens + kCompletionTokens}}}};
  return {.status = 200, .body = body.dump()};
}

Answer reply_to(const ReceivedRequest& request, std::string_view text) {
  const auto is_path = [&](std::string_view part) {
    return request.path.find(part) != std::string::npos;
  };
  nlohmann::json body;
  if (is_path("/messages")) {
    body = {{"type", "message"},
            {"role", "assistant"},
            {"model", "claude-standin"},
            {"content", {{{"type", "text"}, {"text", text}}}},
            {"stop_reason", "end_turn"},
            {"usage", {{"input_tokens", kPromptTokens}, {"output_tokens", kCompletionTokens}}}};
  } else if (is_path(":generateContent")) {
    body = {{"candidates",
             {{{"content", {{"role", "model"}, {"parts", {{{"text", text}}}}}},
               {"finishReason", "STOP"}}}},
            {"modelVersion", "gemini-standin"},
            {"usageMetadata",
             {{"promptTokenCount", kPromptTokens}, {"candidatesTokenCount", kCompletionTokens}}}};
  } else if (is_path("/responses")) {
    body = {{"object", "response"},
            {"status", "completed"},
            {"model", kAnsweringModel},
            {"output",
             {{{"type", "message"}, {"content", {{{"type", "output_text"}, {"text", text}}}}}}},
            {"usage", {{"input_tokens", kPromptTokens}, {"output_tokens", kCompletionTokens}}}};
  } else if (is_path("/api/chat")) {
    body = {{"model", "llama-standin"},
            {"message", {{"role", "assistant"}, {"content", text}}},
            {"done", true},
            {"done_reason", "stop"},
            {"prompt_eval_count", kPromptTokens},
            {"eval_count", kCompletionTokens}};
  } else {
    return chat_completion(text);
  }
  return {.status = 200, .body = body.dump()};
}

std::string last_user_message(const ReceivedRequest& request) {
  const auto document = nlohmann::json::parse(request.body, nullptr, false);
  std::string text;
  if (!document.is_object()) return text;
  for (const char* turns : {"messages", "input", "contents"}) {
    if (!document.contains(turns)) continue;
    for (const auto& turn : document[turns]) {
      if (turn.value("role", "") != "user") continue;
      text =
          turn.contains("parts") ? turn["parts"][0].value("text", "") : turn.value("content", "");
    }
  }
  return text;
}

std::string friendly_reply(std::string_view message) {
  return fmt::format("Thanks for writing! About \"{}\": we will get back to you today.", message);
}

struct StandIn::Server {
  /// The library's backlog is five connections; more at once may be reset.
  class BurstServer final : public httplib::Server {
   public:
    void make_room_for(int connections) { ::listen(svr_sock_, connections); }
  };

  BurstServer http;
  std::thread listener;
};

StandIn::StandIn(int port)
    : provider(kProviderPath, reply_friendly, [this] { return ++events_; }),
      host(kHostPath, accept_sms, [this] { return ++events_; }),
      server_(std::make_unique<Server>()) {
  Server::BurstServer& http = server_->http;
  http.new_task_queue = [] { return new GrowingPool; };
  http.set_tcp_nodelay(true);
  http.set_keep_alive_max_count(std::numeric_limits<std::size_t>::max());
  for (Endpoint* endpoint : {&provider, &host}) {
    http.Post(endpoint->path(),
              [endpoint](const httplib::Request& request, httplib::Response& response) {
                serve(*endpoint, request, response);
              });
  }
  for (const char* path : kOtherProviderPaths) {
    http.Post(path, [this](const httplib::Request& request, httplib::Response& response) {
      serve(provider, request, response);
    });
  }
  if (port == 0) {
    port_ = http.bind_to_any_port(kAddress);
  } else if (http.bind_to_port(kAddress, port)) {
    port_ = port;
  }
  if (port_ <= 0) throw std::runtime_error("the stand-in cannot listen on 127.0.0.1");
  http.make_room_for(kConnectionsMax);
  server_->listener = std::thread([&http] { http.listen_after_bind(); });
  // A stop before the listener runs would be lost, and the destructor would wait forever.
  while (!http.is_running()) std::this_thread::yield();
}

StandIn::~StandIn() {
  provider.stop();
  host.stop();
  server_->http.stop();
  server_->listener.join();
}

std::string StandIn::url() const {
  return fmt::format("http://{}:{}", kAddress, port_);
}
std::string StandIn::provider_url() const {
  return url() + "/v1";
}
std::string StandIn::url_of_provider(std::string_view name) const {
  const bool has_v1 = name != "gemini" && name != "azure";
  return has_v1 ? provider_url() : url();
}
std::string StandIn::callback_url() const {
  return url() + kHostPath;
}

}  // namespace autoreply::test
