#pragma once

namespace autoreply::test {

// What a kernel without resources does. It lasts as long as the calling thread, which alone it
// concerns. Each function returns false if this kernel takes no filter.

/// From now on, the kernel refuses to watch descriptors from `first` on: ENOSPC.
[[nodiscard]] bool refuse_to_watch(int first);

/// From now on, the kernel starts no thread and no process: EAGAIN.
[[nodiscard]] bool refuse_threads();

}  // namespace autoreply::test
