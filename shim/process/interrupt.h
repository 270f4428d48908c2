// interrupt.h - stopping other threads of the process: SuspendThread, ResumeThread, TerminateThread.
//
// Purpose     A thread is stopped by a signal of its own (kStopSignal): its handler sleeps until the thread is resumed,
//             or ends it. A thread that holds a lock of this library obeys when it holds nothing: nobody who stops a
//             thread is then blocked by it in here. Locks of the C library and the program are not spared, as on
//             Windows.
// Locks       The private lock of own_threads.h.
#pragma once
#include "shim/process/own_threads.h"

namespace winshim::process {

// The suspend count before. Errors: signal_refused (it was kMostSuspends), access_denied (the thread has ended),
// not_supported (another process's thread, but for the first one of a child that was made suspended).
Result<u32> suspend(wait::Target thread) noexcept;
// The suspend count before; 0: it was running. A thread that has ended gives 0, too.
Result<u32> resume(wait::Target thread) noexcept;
// Errors: not_supported. A thread that has ended stays as it is.
Status terminate(wait::Target thread, u32 code) noexcept;

// The calling thread begins suspended: it sleeps here until it is resumed, or ends.
void begin_suspended() noexcept;
void sleep_while_stopped() noexcept;
// Ends the calling thread as TerminateThread does: none of its destructors and handlers runs.
[[noreturn]] void end_at_once(u32 code) noexcept;

}  // namespace winshim::process
