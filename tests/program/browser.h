#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

#include "support/json.h"
#include "support/process.h"

namespace autoreply::test {

/// A headless Chromium that cannot reach a network, driven through chromedriver. Both end with this
/// object or with the thread that made it, whichever ends first. A command that fails throws
/// std::runtime_error. Only one thread may use it at a time.
class Browser final {
 public:
  Browser();
  ~Browser();
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;

  /// Shows a file and waits until it is loaded.
  void open(const std::filesystem::path& page);

  /// Shows pages from now on as a screen of this width does; a narrow one is a phone's.
  void emulate(int width, bool dark);

  /// Runs the body of a JavaScript function in the page and returns its result.
  nlohmann::json evaluate(const std::string& script);

  /// Everything that pages from files have asked for since the last call, themselves included.
  std::vector<std::string> requests();

  /// What the console has shown since the last call.
  std::vector<std::string> console();

  /// Writes the whole page as a PNG file.
  void screenshot(const std::filesystem::path& file);

 private:
  nlohmann::json post(const std::string& path, const nlohmann::json& body);
  nlohmann::json ask_chromium(const std::string& command, const nlohmann::json& parameters);
  void wait_for_driver();
  void start_session();
  void end_chromium();

  std::filesystem::path directory_;
  Process driver_;
  int port_ = 0;
  std::string session_;  ///< its path; empty before it
  int chromium_ = -1;    ///< a descriptor of its process
};

}  // namespace autoreply::test
