// exceptions.cpp - exceptions without __try: raised by RaiseException, or faults that arrive as signals; error modes.
//
// Invariants  A signal is ours while a handler or a filter is registered, and only if nobody had it before.
// Locks       `lock` guards the list and the dispositions; not held while handlers run. A fault handler takes it: it
//             runs in the thread of the fault, and nothing under the lock can fault.
// Source      "RaiseException", "AddVectoredExceptionHandler", "SetUnhandledExceptionFilter", "SetErrorMode".
#include <signal.h>
#include <ucontext.h>

#include <atomic>

#include "shim/base/fork_lock.h"
#include "shim/base/sdk.h"

namespace winshim::base {
namespace {

constexpr int kSignals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
constexpr u32 kSignalCount = 5, kMost = 64;

struct Vectored {
    PVECTORED_EXCEPTION_HANDLER handler;
    std::uintptr_t number;
};

pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
Vectored vectored[kMost];
u32 count = 0;
std::uintptr_t last_number = 0;
LPTOP_LEVEL_EXCEPTION_FILTER filter = nullptr;
using Guard = ForkLock<lock>;
__attribute__((constructor)) void watch_forks() noexcept { Guard::watch_forks(); }

std::atomic<UINT> error_mode{0};
thread_local constinit DWORD thread_error_mode = 0;
constexpr DWORD kErrorModes = SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX;

// What the handlers make of an exception.
enum class Verdict { go_on, end, unhandled };
Verdict ask(EXCEPTION_RECORD& record) noexcept {
    EXCEPTION_POINTERS pointers{.ExceptionRecord = &record, .ContextRecord = nullptr};
    Vectored copy[kMost];
    u32 copied;
    LPTOP_LEVEL_EXCEPTION_FILTER last;
    {
        const Guard guard;
        copied = count;
        for (u32 i = 0; i < copied; ++i) copy[i] = vectored[i];
        last = filter;
    }
    for (u32 i = 0; i < copied; ++i)
        if (copy[i].handler(&pointers) == EXCEPTION_CONTINUE_EXECUTION) return Verdict::go_on;
    const LONG answer = last != nullptr ? last(&pointers) : EXCEPTION_CONTINUE_SEARCH;
    if (answer == EXCEPTION_CONTINUE_EXECUTION) return Verdict::go_on;
    return answer == EXCEPTION_EXECUTE_HANDLER ? Verdict::end : Verdict::unhandled;
}

void end_with(DWORD code) noexcept { TerminateProcess(GetCurrentProcess(), code); }

DWORD code_of(int signal, int cause) noexcept {
    switch (signal) {
        case SIGSEGV: return EXCEPTION_ACCESS_VIOLATION;
        case SIGBUS: return cause == BUS_ADRALN ? EXCEPTION_DATATYPE_MISALIGNMENT : EXCEPTION_IN_PAGE_ERROR;
        case SIGILL: return cause == ILL_PRVOPC ? EXCEPTION_PRIV_INSTRUCTION : EXCEPTION_ILLEGAL_INSTRUCTION;
        case SIGTRAP: return cause == TRAP_TRACE ? EXCEPTION_SINGLE_STEP : EXCEPTION_BREAKPOINT;
        default: break;
    }
    switch (cause) {
        case FPE_INTDIV: return EXCEPTION_INT_DIVIDE_BY_ZERO;
        case FPE_INTOVF: return EXCEPTION_INT_OVERFLOW;
        case FPE_FLTDIV: return EXCEPTION_FLT_DIVIDE_BY_ZERO;
        case FPE_FLTOVF: return EXCEPTION_FLT_OVERFLOW;
        case FPE_FLTUND: return EXCEPTION_FLT_UNDERFLOW;
        case FPE_FLTRES: return EXCEPTION_FLT_INEXACT_RESULT;
        default: return EXCEPTION_FLT_INVALID_OPERATION;
    }
}

// Where the thread was, and whether a fault was a write.
struct Place {
    void* address;
    bool write;
};
#if defined(__x86_64__) || defined(__i386__)
Place place_of(void* context) noexcept {
#if defined(__x86_64__)
    constexpr int kInstruction = REG_RIP;
#else
    constexpr int kInstruction = REG_EIP;
#endif
    const auto& registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
    return {reinterpret_cast<void*>(registers[kInstruction]), (registers[REG_ERR] & 2) != 0};
}
#elif defined(__aarch64__)
// The kernel appends the syndrome of a data abort to the registers, as one of several records. Its bit 6: a write.
Place place_of(void* context) noexcept {
    const mcontext_t& machine = static_cast<ucontext_t*>(context)->uc_mcontext;
    Place place{reinterpret_cast<void*>(machine.pc), false};
    const unsigned char* at = machine.__reserved;
    const unsigned char* const end = at + sizeof machine.__reserved;
    for (_aarch64_ctx head; at + sizeof head <= end; at += head.size) {
        __builtin_memcpy(&head, at, sizeof head);
        if (head.size < sizeof head || head.size > end - at) break;  // the last record has no size
        if (head.magic != ESR_MAGIC || head.size < sizeof(esr_context)) continue;
        esr_context syndrome;
        __builtin_memcpy(&syndrome, at, sizeof syndrome);
        place.write = (syndrome.esr >> 6 & 1) != 0;
        break;
    }
    return place;
}
#else
#error "winshim: name the registers of this processor"
#endif

void on_fault(int signal, siginfo_t* info, void* context) noexcept {
    const KeepErrno keep;
    const Place place = place_of(context);
    EXCEPTION_RECORD record{};
    record.ExceptionCode = code_of(signal, info->si_code);
    record.ExceptionAddress = place.address;
    if (signal == SIGSEGV || signal == SIGBUS) {
        record.NumberParameters = 2;
        record.ExceptionInformation[0] = place.write ? 1 : 0;
        record.ExceptionInformation[1] = reinterpret_cast<ULONG_PTR>(info->si_addr);
    }
    // What somebody has sent is no fault, but for the breakpoint of DebugBreak.
    const bool sent = info->si_code <= 0;
    const Verdict verdict = sent && signal != SIGTRAP ? Verdict::unhandled : ask(record);
    if (verdict == Verdict::go_on) return;
    if (verdict == Verdict::end) return end_with(record.ExceptionCode);
    // The fault comes again when we return, and ends the process with its core.
    struct sigaction action {};
    action.sa_handler = SIG_DFL;
    sigaction(signal, &action, nullptr);
    if (sent || signal == SIGTRAP) raise(signal);
}

// Needs the lock: takes the signals if there is somebody to ask, gives them back if there is nobody.
void settle_signals() noexcept {
    const bool wanted = count > 0 || filter != nullptr;
    for (u32 i = 0; i < kSignalCount; ++i) {
        struct sigaction now;
        sigaction(kSignals[i], nullptr, &now);
        const bool is_ours = (now.sa_flags & SA_SIGINFO) != 0 && now.sa_sigaction == on_fault;
        const bool is_free = (now.sa_flags & SA_SIGINFO) == 0 && now.sa_handler == SIG_DFL;
        if (wanted == is_ours || (wanted && !is_free)) continue;
        struct sigaction next {};
        sigemptyset(&next.sa_mask);
        if (wanted) {
            next.sa_sigaction = on_fault;
            next.sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK;  // a handler may have a fault of its own
        } else {
            next.sa_handler = SIG_DFL;
        }
        sigaction(kSignals[i], &next, nullptr);
    }
}

}  // namespace
}  // namespace winshim::base

using namespace winshim;
using namespace winshim::base;

VOID WINAPI RaiseException(DWORD dwExceptionCode, DWORD dwExceptionFlags, DWORD nNumberOfArguments,
                           const ULONG_PTR* lpArguments) {
    constexpr DWORD kReserved = 0x10000000;
    EXCEPTION_RECORD record{};
    record.ExceptionCode = dwExceptionCode & ~kReserved;
    record.ExceptionFlags = dwExceptionFlags & EXCEPTION_NONCONTINUABLE;
    record.ExceptionAddress = __builtin_return_address(0);
    if (lpArguments != nullptr) {
        const DWORD most = EXCEPTION_MAXIMUM_PARAMETERS;
        record.NumberParameters = nNumberOfArguments < most ? nNumberOfArguments : most;
        for (DWORD i = 0; i < record.NumberParameters; ++i) record.ExceptionInformation[i] = lpArguments[i];
    }
    if (ask(record) != Verdict::go_on) return end_with(record.ExceptionCode);
    if (record.ExceptionFlags != 0) end_with(EXCEPTION_NONCONTINUABLE_EXCEPTION);
}

PVOID WINAPI AddVectoredExceptionHandler(ULONG First, PVECTORED_EXCEPTION_HANDLER Handler) {
    const Guard guard;
    if (Handler == nullptr || count == kMost) return nullptr;
    const u32 at = First != 0 ? 0 : count;
    for (u32 i = count; i > at; --i) vectored[i] = vectored[i - 1];
    vectored[at] = {Handler, ++last_number};
    ++count;
    settle_signals();
    return reinterpret_cast<PVOID>(last_number);
}

ULONG WINAPI RemoveVectoredExceptionHandler(PVOID Handle) {
    const Guard guard;
    u32 at = 0;
    while (at < count && vectored[at].number != reinterpret_cast<std::uintptr_t>(Handle)) ++at;
    if (at == count) return 0;
    for (--count; at < count; ++at) vectored[at] = vectored[at + 1];
    settle_signals();
    return 1;
}

LPTOP_LEVEL_EXCEPTION_FILTER WINAPI
SetUnhandledExceptionFilter(LPTOP_LEVEL_EXCEPTION_FILTER lpTopLevelExceptionFilter) {
    const Guard guard;
    const LPTOP_LEVEL_EXCEPTION_FILTER before = filter;
    filter = lpTopLevelExceptionFilter;
    settle_signals();
    return before;
}

UINT WINAPI SetErrorMode(UINT uMode) { return error_mode.exchange(uMode, std::memory_order_relaxed); }
UINT WINAPI GetErrorMode(VOID) { return error_mode.load(std::memory_order_relaxed); }

BOOL WINAPI SetThreadErrorMode(DWORD dwNewMode, LPDWORD lpOldMode) {
    if ((dwNewMode & ~kErrorModes) != 0) return failed(ERROR_INVALID_PARAMETER);
    if (lpOldMode != nullptr) *lpOldMode = thread_error_mode;
    thread_error_mode = dwNewMode;
    return TRUE;
}
DWORD WINAPI GetThreadErrorMode(VOID) { return thread_error_mode; }
