#include "store/sqlite/wait_for_lock.h"

#include <algorithm>
#include <thread>

namespace autoreply {
namespace {

using std::chrono::milliseconds;

constexpr int kPauseMsMin = 1;
constexpr int kPauseMsMax = 20;

}  // namespace

int WaitForLock::handle(void* self, int earlier) {
  return static_cast<WaitForLock*>(self)->wait(earlier) ? 1 : 0;
}

/// The first pauses are brief, because most locks are.
bool WaitForLock::wait(int earlier) {
  if (!patient_) return false;
  const auto now = std::chrono::steady_clock::now();
  if (earlier == 0) begun_ = now;
  const auto left = kLongestWait - std::chrono::duration_cast<milliseconds>(now - begun_);
  if (left <= milliseconds{0}) return false;
  const milliseconds::rep by_age = kPauseMsMax * left / kLongestWait;
  const milliseconds::rep at_first = kPauseMsMin + earlier;
  std::this_thread::sleep_for(
      milliseconds{std::max<milliseconds::rep>(kPauseMsMin, std::min(by_age, at_first))});
  return true;
}

}  // namespace autoreply
