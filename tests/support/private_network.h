#pragma once

#include <string>

namespace autoreply::test {

/// Gives this process a network of its own, with the loopback interface alone, and a name server's
/// address of its own. `public_address` becomes an address of that interface, so that a test
/// reaches a public address without leaving the machine. Names are looked up at 127.0.0.1, port 53,
/// which the process may listen on. There is no way back, so call it in a child process that has
/// one thread. Returns false if the kernel does not allow it.
[[nodiscard]] bool enter_private_network(const std::string& public_address);

}  // namespace autoreply::test
