#include "support/name_server.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace autoreply::test {
namespace {

// RFC 1035
constexpr std::size_t kHeaderBytes = 12;
constexpr int kTypeIpv4 = 1;
constexpr int kTypeIpv6 = 28;

void append_number(std::string& message, unsigned number) {
  message += static_cast<char>(number >> 8U & 0xFFU);
  message += static_cast<char>(number & 0xFFU);
}

struct Question {
  std::string name;
  int type = 0;
  std::string_view text;  ///< as it stands in the message
};

Question question_in(std::string_view message) {
  Question question;
  std::size_t at = kHeaderBytes;
  while (message.at(at) != 0) {
    const auto length = static_cast<std::size_t>(message[at]);
    if (!question.name.empty()) question.name += '.';
    question.name += message.substr(at + 1, length);
    at += 1 + length;
  }
  question.type = message.at(at + 2);
  question.text = message.substr(kHeaderBytes, at + 5 - kHeaderBytes);
  return question;
}

/// The bytes of an address of the wanted type; empty if it is of the other.
std::string bytes_of(const std::string& address, int type) {
  std::array<char, 16> bytes{};
  const int family = type == kTypeIpv4 ? AF_INET : AF_INET6;
  if (inet_pton(family, address.c_str(), bytes.data()) != 1) return "";
  return {bytes.data(), type == kTypeIpv4 ? 4U : 16U};
}

}  // namespace

NameServer::NameServer() : socket_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(53);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot listen on port 53");
  }
  server_ = std::thread([this] { serve(); });
}

NameServer::~NameServer() {
  shutdown(socket_, SHUT_RDWR);
  server_.join();
  close(socket_);
}

void NameServer::answer(const std::string& name, std::vector<Addresses> in_turn) {
  const std::lock_guard lock(mutex_);
  names_[name] = {.in_turn = std::move(in_turn), .asked = {}};
}

void NameServer::serve() {
  std::array<char, 512> buffer{};
  for (;;) {
    sockaddr_in client{};
    socklen_t size = sizeof client;
    const ssize_t length = recvfrom(
        socket_, buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&client), &size);
    if (length <= static_cast<ssize_t>(kHeaderBytes)) return;  // shut down
    const std::string answer = answer_to({buffer.data(), static_cast<std::size_t>(length)});
    sendto(
        socket_, answer.data(), answer.size(), 0, reinterpret_cast<const sockaddr*>(&client), size);
  }
}

std::string NameServer::answer_to(std::string_view message) {
  const Question question = question_in(message);
  std::vector<std::string> found;
  {
    const std::lock_guard lock(mutex_);
    if (const auto name = names_.find(question.name); name != names_.end()) {
      const std::size_t turn = name->second.asked[question.type]++;
      const auto& in_turn = name->second.in_turn;
      for (const std::string& address : in_turn[std::min(turn, in_turn.size() - 1)]) {
        if (std::string bytes = bytes_of(address, question.type); !bytes.empty()) {
          found.push_back(std::move(bytes));
        }
      }
    }
  }
  std::string answer(message.substr(0, 2));
  append_number(answer, 0x8180);  // an answer without an error
  append_number(answer, 1);
  append_number(answer, static_cast<unsigned>(found.size()));
  append_number(answer, 0);
  append_number(answer, 0);
  answer += question.text;
  for (const std::string& bytes : found) {
    append_number(answer, 0xC000U | kHeaderBytes);  // the name of the question
    append_number(answer, static_cast<unsigned>(question.type));
    append_number(answer, 1);  // class: internet
    append_number(answer, 0);  // may be kept for 0 seconds
    append_number(answer, 0);
    append_number(answer, static_cast<unsigned>(bytes.size()));
    answer += bytes;
  }
  return answer;
}

}  // namespace autoreply::test
