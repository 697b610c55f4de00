#include "support/private_network.h"

#include <array>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

namespace autoreply::test {
namespace {

sockaddr ipv4(const char* text) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  inet_pton(AF_INET, text, &address.sin_addr);
  sockaddr general{};
  static_assert(sizeof general == sizeof address);
  std::memcpy(&general, &address, sizeof general);
  return general;
}

ifreq request_about(const char* interface) {
  ifreq request{};
  std::strncpy(request.ifr_name, interface, IFNAMSIZ - 1);
  return request;
}

bool bring_up_loopback(const std::string& second_address) {
  const int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (control < 0) return false;
  ifreq up = request_about("lo");
  up.ifr_flags = IFF_UP | IFF_RUNNING;
  ifreq address = request_about("lo:1");
  address.ifr_addr = ipv4(second_address.c_str());
  ifreq mask = request_about("lo:1");
  mask.ifr_netmask = ipv4("255.255.255.255");
  const bool done = ioctl(control, SIOCSIFFLAGS, &up) == 0 &&
                    ioctl(control, SIOCSIFADDR, &address) == 0 &&
                    ioctl(control, SIOCSIFNETMASK, &mask) == 0;
  close(control);
  return done;
}

bool use_own_name_server() {
  std::array<char, 32> path{"/tmp/resolv.conf.XXXXXX"};
  const int file = mkstemp(path.data());
  if (file < 0) return false;
  constexpr std::string_view kText = "nameserver 127.0.0.1\noptions timeout:5 attempts:1\n";
  const bool done = write(file, kText.data(), kText.size()) == static_cast<ssize_t>(kText.size()) &&
                    mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                    mount(path.data(), "/etc/resolv.conf", nullptr, MS_BIND, nullptr) == 0;
  close(file);
  unlink(path.data());
  return done;
}

}  // namespace

bool enter_private_network(const std::string& public_address) {
  return unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS) == 0 &&
         bring_up_loopback(public_address) && use_own_name_server();
}

}  // namespace autoreply::test
