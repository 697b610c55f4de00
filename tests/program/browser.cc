#include "program/browser.h"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <thread>

#include <fmt/format.h>
#include <httplib.h>
#include <openssl/evp.h>
#include <poll.h>
#include <unistd.h>

#include "support/endpoint.h"

// The header in glibc 2.36 does not declare its functions as C.
extern "C" {
#include <sys/pidfd.h>
}

namespace autoreply::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::chrono::milliseconds kDriverPoll{10};
constexpr std::chrono::milliseconds kChromiumEnd{10'000};
constexpr int kPhoneWidthMax = 600;

fs::path browser_directory() {
  std::string pattern = (fs::temp_directory_path() / "autoreply-browser-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no directory for Chromium");
  return pattern;
}

httplib::Client client_of(int port) {
  httplib::Client client("127.0.0.1", port);
  client.set_read_timeout(Endpoint::kPatience);
  return client;
}

std::string from_base64(const std::string& text) {
  std::string bytes(text.size(), '\0');
  void* const place = bytes.data();
  const void* const source = text.data();
  const int size = EVP_DecodeBlock(static_cast<unsigned char*>(place),
                                   static_cast<const unsigned char*>(source),
                                   static_cast<int>(text.size()));
  if (size < 0) throw std::runtime_error("a picture that is not base64");
  bytes.resize(static_cast<std::size_t>(size));
  return bytes;
}

}  // namespace

Browser::Browser()
    : directory_(browser_directory()),
      driver_({.arguments = {"--port=0"},
               .environment = {"HOME=" + directory_.string()},
               .program = "chromedriver"}) {
  wait_for_driver();
  start_session();
}

Browser::~Browser() {
  client_of(port_).Delete(session_);
  end_chromium();
  driver_.send(SIGKILL);
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

void Browser::wait_for_driver() {
  constexpr std::string_view kStarted = "started successfully on port ";
  const auto deadline = std::chrono::steady_clock::now() + Endpoint::kPatience;
  for (;;) {
    const std::string output = driver_.output();
    const auto at = output.find(kStarted);
    if (at != std::string::npos && output.find('\n', at) != std::string::npos) {
      port_ = std::atoi(output.c_str() + at + kStarted.size());
      return;
    }
    if (std::chrono::steady_clock::now() > deadline) {
      throw std::runtime_error("chromedriver does not start; scripts/deps installs it\n" + output);
    }
    std::this_thread::sleep_for(kDriverPoll);
  }
}

void Browser::start_session() {
  // Chromium ends with the pipe to its driver. Its sandbox refuses to work for root.
  const json options{{"binary", "/usr/bin/chromium"},
                     {"args",
                      {"--headless=new",
                       "--no-sandbox",
                       "--disable-dev-shm-usage",
                       "--disable-gpu",
                       "--hide-scrollbars",
                       "--remote-debugging-pipe",
                       "--host-resolver-rules=MAP * ~NOTFOUND",
                       "--user-data-dir=" + (directory_ / "profile").string()}}};
  const json session =
      post("/session",
           {{"capabilities",
             {{"alwaysMatch",
               {{"browserName", "chrome"},
                {"goog:chromeOptions", options},
                {"goog:loggingPrefs", {{"browser", "ALL"}, {"performance", "ALL"}}}}}}}});
  session_ = "/session/" + session.at("sessionId").get<std::string>();
  chromium_ = pidfd_open(session.at("capabilities").at("goog:processID").get<pid_t>(), 0);
}

void Browser::end_chromium() {
  if (chromium_ < 0) return;
  pollfd ended{.fd = chromium_, .events = POLLIN, .revents = 0};
  if (poll(&ended, 1, static_cast<int>(kChromiumEnd.count())) != 1) {
    pidfd_send_signal(chromium_, SIGKILL, nullptr, 0);
  }
  close(chromium_);
}

void Browser::open(const fs::path& page) {
  post(session_ + "/url", {{"url", "file://" + fs::absolute(page).string()}});
}

void Browser::emulate(int width, bool dark) {
  ask_chromium("Emulation.setDeviceMetricsOverride",
               {{"width", width},
                {"height", 800},
                {"deviceScaleFactor", 1},
                {"mobile", width <= kPhoneWidthMax}});
  ask_chromium(
      "Emulation.setEmulatedMedia",
      {{"features", {{{"name", "prefers-color-scheme"}, {"value", dark ? "dark" : "light"}}}}});
}

json Browser::evaluate(const std::string& script) {
  return post(session_ + "/execute/sync", {{"script", script}, {"args", json::array()}});
}

std::vector<std::string> Browser::requests() {
  std::vector<std::string> urls;
  for (const json& entry : post(session_ + "/se/log", {{"type", "performance"}})) {
    const json event = parse_json(entry.at("message").get<std::string>()).at("message");
    if (event.at("method") != "Network.requestWillBeSent") continue;
    // The first tab asks for much on its own account.
    const json& request = event.at("params");
    if (request.at("documentURL").get<std::string>().starts_with("file:")) {
      urls.push_back(request.at("request").at("url"));
    }
  }
  return urls;
}

std::vector<std::string> Browser::console() {
  std::vector<std::string> lines;
  for (const json& entry : post(session_ + "/se/log", {{"type", "browser"}})) {
    lines.push_back(entry.at("message"));
  }
  return lines;
}

void Browser::screenshot(const fs::path& file) {
  const json picture = ask_chromium("Page.captureScreenshot", {{"captureBeyondViewport", true}});
  std::ofstream(file, std::ios::binary) << from_base64(picture.at("data"));
}

json Browser::ask_chromium(const std::string& command, const json& parameters) {
  return post(session_ + "/goog/cdp/execute", {{"cmd", command}, {"params", parameters}});
}

json Browser::post(const std::string& path, const json& body) {
  const auto response = client_of(port_).Post(path, body.dump(), "application/json");
  if (!response) throw std::runtime_error("chromedriver does not answer " + path);
  if (response->status != 200) throw std::runtime_error(path + ": " + response->body);
  return parse_json(response->body).at("value");
}

}  // namespace autoreply::test
