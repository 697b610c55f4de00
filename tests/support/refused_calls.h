#pragma once

namespace autoreply::test {

// What a kernel without resources does. It lasts as long as the calling thread, which alone it
// concerns.

/// From now on, the kernel refuses to watch descriptors from `first` on: ENOSPC.
void refuse_to_watch(int first);

/// From now on, the kernel starts no thread and no process: EAGAIN.
void refuse_threads();

}  // namespace autoreply::test
