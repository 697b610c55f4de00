#include "net/transfers.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <iterator>
#include <new>
#include <utility>

#include <curl/curl.h>

#include "base/invariant.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

extern "C" {

int watch_socket(CURL*, curl_socket_t descriptor, int what, void* transfers, void*) {
  auto& of = *static_cast<Transfers*>(transfers);
  if (what == CURL_POLL_REMOVE) {
    of.let_go(descriptor);
    return 0;
  }
  const Readiness wanted{.read = (what & CURL_POLL_IN) != 0, .write = (what & CURL_POLL_OUT) != 0};
  return of.watch(descriptor, wanted) ? 0 : -1;
}

int set_timer(CURLM*, long milliseconds_left, void* transfers) {
  static_cast<Transfers*>(transfers)->set_time(milliseconds_left);
  return 0;
}

}  // extern "C"

}  // namespace

void Transfers::FreeMulti::operator()(void* multi) const {
  curl_multi_cleanup(multi);
}

Transfers::Transfers(Loop& loop, std::size_t connections_max, AnswerBudget& budget, void* share)
    : loop_(loop),
      budget_(budget),
      share_(share),
      multi_(curl_multi_init()),
      alive_(std::make_shared<Alive>(this)) {
  if (multi_ == nullptr) throw std::bad_alloc();
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(connections_max));
  curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, &watch_socket);
  curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, &set_timer);
  curl_multi_setopt(multi_.get(), CURLMOPT_TIMERDATA, this);
}

Transfers::~Transfers() {
  require_or_end(all_.empty(), "an HTTP client goes before its requests have ended");
  alive_->transfers = nullptr;
  multi_.reset();  // closes the connections, and lets go of them
  loop_.forget(*this);
}

void Transfers::begin(Transfer& transfer, std::coroutine_handle<> waiting) {
  transfer.waiting = waiting;
  transfer.began = steady_clock::now();
  transfer.exchange.budget = &budget_;
  all_.insert(&transfer);
  if (transfer.stop.stop_requested()) {
    end(transfer, {.stopped = true});
    return;
  }
  // The stop may come in any thread. The first of many stops looks for all of them.
  transfer.on_stop.emplace(transfer.stop, [alive = alive_, &loop = loop_] {
    if (alive->stop_is_posted.exchange(true)) return;
    loop.post([alive] {
      alive->stop_is_posted = false;
      if (alive->transfers != nullptr) alive->transfers->break_off_stopped();
    });
  });
  if (names_.enter(transfer, transfer.began)) add(transfer);
}

void Transfers::add(Transfer& transfer) {
  try {
    if (names_.leads(transfer)) leaders_.push_back(&transfer);
    EasyHandle easy = take_easy();
    const auto waited =
        std::chrono::duration_cast<milliseconds>(steady_clock::now() - transfer.began);
    set_up(easy.get(), transfer, waited);
    if (curl_multi_add_handle(multi_.get(), easy.get()) == CURLM_OK) {
      transfer.exchange.easy = easy.release();
      return;
    }
    take_apart(easy.get(), transfer);
  } catch (const std::exception&) {  // no memory for it
  }
  end(transfer, {.code = CURLE_FAILED_INIT});
}

EasyHandle Transfers::take_easy() {
  if (idle_.empty()) {
    EasyHandle easy = make_easy();
    if (share_ != nullptr) curl_easy_setopt(easy.get(), CURLOPT_SHARE, share_);
    return easy;
  }
  EasyHandle easy = std::move(idle_.back());
  idle_.pop_back();
  return easy;
}

void Transfers::on_ready(int descriptor, Readiness ready) {
  // 0: libcurl finds out itself.
  int flags = 0;
  if (!ready.error) {
    flags = (ready.read ? CURL_CSELECT_IN : 0) | (ready.write ? CURL_CSELECT_OUT : 0);
  }
  do_action(descriptor, flags);
}

void Transfers::on_time() {
  do_action(CURL_SOCKET_TIMEOUT, 0);
}

bool Transfers::watch(int descriptor, Readiness wanted) {
  return loop_.watch(descriptor, wanted, *this);
}

void Transfers::set_time(long milliseconds_left) {
  if (milliseconds_left < 0) {
    loop_.set_time(*this, std::nullopt);
  } else {
    loop_.set_time(*this, steady_clock::now() + milliseconds(milliseconds_left));
  }
}

void Transfers::do_action(int descriptor, int ready) {
  int running = 0;
  const CURLMcode code = curl_multi_socket_action(multi_.get(), descriptor, ready, &running);
  if (code != CURLM_OK && code != CURLM_BAD_SOCKET) {
    // This machine lacks something that libcurl needs, and it gives up all its transfers.
    for (Transfer* const transfer : std::vector<Transfer*>(all_.begin(), all_.end())) {
      end(*transfer, {.code = CURLE_FAILED_INIT});
    }
    return;
  }
  take_ended();
  tell_of_names();
}

void Transfers::take_ended() {
  int queued = 0;
  while (const CURLMsg* const message = curl_multi_info_read(multi_.get(), &queued)) {
    char* transfer = nullptr;
    const CURLcode result = message->data.result;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
    end(*reinterpret_cast<Transfer*>(transfer), {.code = result});
  }
}

/// Lets others begin whose names are resolved now.
void Transfers::tell_of_names() {
  const std::vector<Transfer*> leaders = leaders_;
  for (Transfer* const leader : leaders) settle_name(*leader);
}

/// Tells those that wait for the transfer's name what became of it, if that is known.
void Transfers::settle_name(Transfer& transfer) {
  if (!names_.leads(transfer)) return;
  const HttpExchange& exchange = transfer.exchange;
  const bool is_resolved =
      exchange.sockets_opened + exchange.sockets_refused > 0 || exchange.socket_error != 0;
  const bool has_ended = !all_.contains(&transfer);
  if (!is_resolved && !exchange.began && !has_ended) return;
  std::erase(leaders_, &transfer);
  if (is_resolved) {
    for (Transfer* const waited : names_.note_resolved(transfer, steady_clock::now())) add(*waited);
  } else if (exchange.began || transfer.ending.stopped) {
    // It needed no name, because it found a kept connection, or it gave up.
    if (Transfer* const next = names_.pass_on(transfer)) add(*next);
  } else {
    for (Transfer* const waited : names_.note_unresolved(transfer)) {
      waited->detail = transfer.detail;
      HttpEnding same = transfer.ending;
      same.detail = waited->detail.data();
      end(*waited, same);
    }
  }
}

void Transfers::break_off_stopped() {
  std::vector<Transfer*> stopped;
  std::ranges::copy_if(all_, std::back_inserter(stopped), [](const Transfer* transfer) {
    return transfer->stop.stop_requested();
  });
  for (Transfer* const transfer : stopped) end(*transfer, {.stopped = true});
}

void Transfers::end(Transfer& transfer, HttpEnding ending) {
  if (all_.erase(&transfer) == 0) return;
  transfer.ending = ending;
  if (void* const easy = std::exchange(transfer.exchange.easy, nullptr)) {
    curl_multi_remove_handle(multi_.get(), easy);
    take_apart(easy, transfer);
    idle_.emplace_back(easy);
  } else {
    names_.leave(transfer);
  }
  settle_name(transfer);
  loop_.resume(transfer.waiting);
}

}  // namespace autoreply
