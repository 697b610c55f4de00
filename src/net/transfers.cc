#include "net/transfers.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <functional>
#include <iterator>
#include <new>
#include <utility>

#include <curl/curl.h>

#include "base/invariant.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// The part of the budget that one step may take: 1 MiB of 32, which takes 1 ms.
constexpr std::size_t kStepsOfBudget = 32;

Transfer& transfer_of(CURL* easy) {
  char* transfer = nullptr;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
  return *reinterpret_cast<Transfer*>(transfer);
}

extern "C" {

int watch_socket(CURL* easy, curl_socket_t descriptor, int what, void* transfers, void*) {
  auto& of = *static_cast<Transfers*>(transfers);
  if (what == CURL_POLL_REMOVE) {
    of.let_go(descriptor);
    return 0;
  }
  const Readiness wanted{.read = (what & CURL_POLL_IN) != 0, .write = (what & CURL_POLL_OUT) != 0};
  if (!of.watch(descriptor, wanted)) of.give_up(transfer_of(easy));
  return 0;  // An error here would end all transfers.
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

Transfers::Transfers(Loop& loop,
                     std::size_t connections_max,
                     std::size_t answer_bytes_max,
                     void* share)
    : loop_(loop),
      budget_(answer_bytes_max, std::max<std::size_t>(1, answer_bytes_max / kStepsOfBudget)),
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
  transfer.exchange.has_news = &has_news_;
  all_.insert(&transfer);
  try {
    begin_in_turn(transfer);
  } catch (...) {  // no memory for it: the caller goes on with the exception
    all_.erase(&transfer);
    throw;
  }
}

void Transfers::begin_in_turn(Transfer& transfer) {
  if (transfer.stop.stop_requested()) {
    end(transfer, {.stopped = true});
    return;
  }
  // The stop may come in any thread. The first of many stops looks for all of them.
  transfer.on_stop.emplace(transfer.stop, [alive = alive_, &loop = loop_] {
    if (alive->stop_is_posted.exchange(true)) return;
    loop.post([alive] {
      alive->stop_is_posted.exchange(false);  // sees all stops before
      if (alive->transfers != nullptr) alive->transfers->break_off_stopped();
    });
  });
  if (names_.enter(transfer, transfer.began)) add(transfer);
}

void Transfers::add(Transfer& transfer) {
  try {
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
    curl_easy_setopt(easy.get(), CURLOPT_SHARE, share_);
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

void Transfers::give_up(Transfer& transfer) {
  transfer.unwatched = true;
  has_unwatched_ = true;
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
  budget_.begin_step();
  const CURLMcode code = curl_multi_socket_action(multi_.get(), descriptor, ready, &running);
  if (code != CURLM_OK && code != CURLM_BAD_SOCKET) {
    // This machine lacks something that libcurl needs, and it gives up all its transfers.
    end_all([](const Transfer&) { return true; }, {.code = CURLE_FAILED_INIT});
    return;
  }
  take_ended();
  end_unwatched();
  post_rest();
  if (std::exchange(has_news_, false)) tell_of_names();
}

void Transfers::take_ended() {
  int queued = 0;
  while (const CURLMsg* const message = curl_multi_info_read(multi_.get(), &queued)) {
    const CURLcode result = message->data.result;
    end(transfer_of(message->easy_handle), {.code = result});
  }
}

/// Lets others begin whose names are known now.
void Transfers::tell_of_names() {
  const std::vector<Transfer*> leaders = names_.leaders();
  for (Transfer* const leader : leaders) settle_name(*leader);
}

/// Tells those that wait for the transfer's look-up what became of it, if that is known.
void Transfers::settle_name(Transfer& transfer) {
  if (!names_.leads(transfer)) return;
  const HttpExchange& exchange = transfer.exchange;
  const bool has_ended = !all_.contains(&transfer);
  if (!exchange.has_address() && !exchange.began && !has_ended) return;
  const int code = transfer.ending.code;
  if (exchange.has_address()) {
    for (Transfer* const one : names_.note_known(transfer, steady_clock::now())) add(*one);
  } else if (code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY) {
    for (Transfer* const one : names_.note_unresolved(transfer)) end_like(*one, transfer);
  } else if (code == CURLE_OPERATION_TIMEDOUT) {
    // A later one has time for a look-up of its own.
    const auto now = steady_clock::now();
    for (Transfer* const one : names_.note_unresolved(transfer)) {
      if (now - one->began >= one->request->connect_timeout) {
        end_like(*one, transfer);
      } else if (names_.enter(*one, now)) {
        add(*one);
      }
    }
  } else {
    // It needed no look-up, because it found a kept connection, or it ended before the look-up.
    for (Transfer* const one : names_.pass_on(transfer)) add(*one);
  }
}

/// The look-up of the leader was that of all that waited for it.
void Transfers::end_like(Transfer& transfer, const Transfer& leader) {
  transfer.detail = leader.detail;
  HttpEnding same = leader.ending;
  same.detail = transfer.detail.data();
  end(transfer, same);
}

struct Transfers::Room {
  Room(std::shared_ptr<Alive> of, const AnswerBudget::Share& held)
      : alive(std::move(of)), share(held) {}
  ~Room() {
    if (alive->transfers != nullptr) alive->transfers->release(share);
  }
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;

  const std::shared_ptr<Alive> alive;
  const AnswerBudget::Share share;
};

std::shared_ptr<void> Transfers::room_of(Transfer& transfer) {
  return hold(budget_.end(transfer.exchange));
}

bool Transfers::hold_unpacked(HttpResponse& response) {
  const auto share = budget_.take_grown(response.body.size());
  if (share) response.room = hold(*share);
  return share.has_value();
}

std::shared_ptr<void> Transfers::hold(const AnswerBudget::Share& share) {
  if (share.bytes == 0) return nullptr;
  try {
    return std::make_shared<Room>(alive_, share);
  } catch (...) {
    release(share);
    throw;
  }
}

void Transfers::release(const AnswerBudget::Share& share) noexcept {
  budget_.release(share);
  try {
    post_rest();
  } catch (const std::bad_alloc&) {  // the next action lets the others read on
  }
}

/// Lets answers be read that waited for it.
void Transfers::read_on() {
  budget_.begin_step();
  while (const HttpExchange* const waited = budget_.next()) {
    void* const easy = waited->easy;
    if (easy == nullptr) continue;
    // It takes what it had to leave. If it refuses that, libcurl tells only us.
    const CURLcode code = curl_easy_pause(easy, CURLPAUSE_CONT);
    if (code != CURLE_OK) end(transfer_of(easy), {.code = code});
  }
  end_unwatched();
  post_rest();
}

/// What did not find its place in this step follows in another one.
void Transfers::post_rest() {
  if (!budget_.wants_another_step() || reads_on_) return;
  loop_.post([alive = alive_] {
    if (alive->transfers == nullptr) return;
    alive->transfers->reads_on_ = false;
    alive->transfers->read_on();
  });
  reads_on_ = true;
}

void Transfers::break_off_stopped() {
  const auto is_stopped = [](const Transfer& one) { return one.stop.stop_requested(); };
  end_all(is_stopped, {.stopped = true});
}

void Transfers::end_unwatched() {
  if (!std::exchange(has_unwatched_, false)) return;
  end_all(std::mem_fn(&Transfer::unwatched), {.code = CURLE_FAILED_INIT});
}

void Transfers::end_all(const std::function<bool(const Transfer&)>& which, HttpEnding ending) {
  std::vector<Transfer*> chosen;
  std::ranges::copy_if(
      all_, std::back_inserter(chosen), [&](const Transfer* one) { return which(*one); });
  for (Transfer* const transfer : chosen) end(*transfer, ending);
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
