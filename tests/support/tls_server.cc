#include "support/tls_server.h"

#include <stdexcept>

namespace autoreply::test {

TlsServer::TlsServer(const TestAuthority::Files& files, const Options& options)
    : server_([&files, &options](SSL_CTX& context) {
        // Old versions need weak signatures.
        if (options.newest_version < TLS1_2_VERSION) SSL_CTX_set_security_level(&context, 0);
        SSL_CTX_set_min_proto_version(&context, 0);
        SSL_CTX_set_max_proto_version(&context, options.newest_version);
        return SSL_CTX_use_certificate_chain_file(&context, files.chain.c_str()) == 1 &&
               SSL_CTX_use_PrivateKey_file(&context, files.key.c_str(), SSL_FILETYPE_PEM) == 1;
      }),
      port_(options.port) {
  server_.Post(".*", [this](const httplib::Request&, httplib::Response& response) {
    ++requests_;
    response.set_content("{}", "application/json");
  });
  if (port_ == 0) {
    port_ = server_.bind_to_any_port(options.address);
  } else if (!server_.bind_to_port(options.address, port_)) {
    throw std::runtime_error("cannot listen on " + options.address);
  }
  listener_ = std::thread([this] { server_.listen_after_bind(); });
  while (!server_.is_running()) std::this_thread::yield();
}

TlsServer::~TlsServer() {
  server_.stop();
  listener_.join();
}

}  // namespace autoreply::test
