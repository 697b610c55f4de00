#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <unordered_set>
#include <vector>

#include "base/loop.h"
#include "net/answer_budget.h"
#include "net/http_message.h"
#include "net/name_turns.h"
#include "net/transfer.h"

namespace autoreply {

/// Runs the transfers of one address policy on a loop. They share kept connections and known names.
class Transfers final : public LoopListener {
 public:
  /// `connections_max`: kept, or in use. `answer_bytes_max`: of all answers that arrive or wait to
  /// be read. `share`: libcurl's, with the TLS sessions. It and the loop must outlive the
  /// transfers. Throws std::bad_alloc.
  Transfers(Loop& loop, std::size_t connections_max, std::size_t answer_bytes_max, void* share);
  ~Transfers() override;
  Transfers(const Transfers&) = delete;
  Transfers& operator=(const Transfers&) = delete;

  /// `co_await` it: runs the transfer to its end, or until its `stop`.
  class Run final {
   public:
    Run(Transfers& transfers, Transfer& transfer) : transfers_(transfers), transfer_(transfer) {}
    bool await_ready() noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiting) { transfers_.begin(transfer_, waiting); }
    void await_resume() noexcept {}

   private:
    Transfers& transfers_;
    Transfer& transfer_;
  };
  [[nodiscard]] Run run(Transfer& transfer) { return {*this, transfer}; }

  /// The room in the budget that an ended transfer has taken; null: none. It is free when the last
  /// copy of the pointer goes, which must happen in the loop's thread. May outlive the transfers.
  /// Throws std::bad_alloc.
  [[nodiscard]] std::shared_ptr<void> room_of(Transfer& transfer);
  /// Sets the room of an answer that was unpacked. Returns false if there is none for it.
  [[nodiscard]] bool hold_unpacked(HttpResponse& response);

  void on_ready(int descriptor, Readiness ready) override;
  void on_time() override;

  /// For libcurl.
  [[nodiscard]] bool watch(int descriptor, Readiness wanted);
  void let_go(int descriptor) { loop_.let_go(descriptor); }
  /// Ends the transfer soon, because the kernel refuses to watch its socket.
  void give_up(Transfer& transfer);
  void set_time(long milliseconds);

 private:
  struct FreeMulti {
    void operator()(void* multi) const;
  };

  void begin(Transfer& transfer, std::coroutine_handle<> waiting);
  void begin_in_turn(Transfer& transfer);
  void add(Transfer& transfer);
  [[nodiscard]] EasyHandle take_easy();
  void do_action(int descriptor, int ready);
  void take_ended();
  [[nodiscard]] std::shared_ptr<void> hold(const AnswerBudget::Share& share);
  void release(const AnswerBudget::Share& share) noexcept;
  void read_on();
  void post_rest();
  void tell_of_names();
  void break_off_stopped();
  void end_unwatched();
  void end_all(const std::function<bool(const Transfer&)>& which, HttpEnding ending);
  void end(Transfer& transfer, HttpEnding ending);
  void settle_name(Transfer& transfer);
  void end_like(Transfer& transfer, const Transfer& leader);

  Loop& loop_;
  AnswerBudget budget_;
  void* const share_;
  NameTurns names_;
  std::unordered_set<Transfer*> all_;  ///< begun and not ended
  bool has_news_ = false;              ///< of what `tell_of_names` looks at
  bool has_unwatched_ = false;
  bool reads_on_ = false;  ///< a step that does so is posted
  std::vector<EasyHandle> idle_;
  std::unique_ptr<void, FreeMulti> multi_;
  /// Steps that are posted to the loop hold it, and see whether this object is still there.
  struct Alive {
    explicit Alive(Transfers* of) : transfers(of) {}
    Transfers* transfers;
    std::atomic<bool> stop_is_posted{false};
  };
  struct Room;
  std::shared_ptr<Alive> alive_;
};

}  // namespace autoreply
