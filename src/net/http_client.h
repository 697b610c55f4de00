#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <stop_token>

#include "base/loop.h"
#include "base/side_thread.h"
#include "net/http_message.h"
#include "net/http_sender.h"
#include "net/transfers.h"

namespace autoreply {

/// Sends POST requests over kept connections, any number at once, on one loop.
///
/// A request is transmitted at most once. Redirects are not followed, certificates are verified,
/// and the time and size of an answer are bounded, as is the size of all answers that are being
/// read.
class HttpClient final : public HttpSender {
 public:
  /// The most descriptors that a client has open for each request that may be under way: two kept
  /// connections, its own, and two while it resolves a name or connects.
  static constexpr int kDescriptorsMax = 5;
  /// The bytes of all answers that arrive or wait to be read. Each address policy has half of it:
  /// what tenants' servers send must not hold up the answers of providers and the host.
  static constexpr std::size_t kAnswerBytesMax = 64UL << 20U;

  /// `requests_max`: how many are under way at once; if there are more, some connections are not
  /// kept.
  explicit HttpClient(Loop& loop,
                      std::size_t requests_max = 1,
                      std::size_t answer_bytes_max = kAnswerBytesMax);
  ~HttpClient() override;

  /// An answer with an unknown content encoding is returned with its raw body.
  [[nodiscard]] Task<HttpResult> post(const HttpRequest& request,
                                      const std::stop_token& stop) override;

 private:
  struct FreeShare {
    void operator()(void* share) const;
  };

  [[nodiscard]] Transfers& transfers_for(AddressPolicy policy);

  Loop& loop_;
  const std::size_t requests_max_;
  const std::size_t answer_bytes_max_;
  std::unique_ptr<void, FreeShare> share_;
  SideThread side_thread_;  ///< reads certificates and unpacks answers
  bool asked_for_certificates_ = false;
  /// One per policy, because a tenant's request must never reuse a connection to a private address
  /// that was opened for the operator. Created on first use.
  std::array<std::unique_ptr<Transfers>, 2> transfers_;
};

}  // namespace autoreply
