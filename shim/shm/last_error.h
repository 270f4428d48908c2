// last_error.h - the last error of the calling thread: what GetLastError returns. Stands in the lowest room, because
// the exports of local/ and base/ know nothing of the rooms above.
#pragma once
#include "shim/shm/types.h"

namespace winshim {

extern thread_local constinit u32 last_error;

}  // namespace winshim
