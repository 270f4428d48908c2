// init_once.cpp - one-time initialization (winshim_once.h).
//
// The pointer-wide word: 0 not begun; kPending one thread initializes; kPending | kWaiters others sleep on the lower
// half; kAsync any number of threads try; context | kDone it is done, for good. Contexts have their low two bits 0.
// Source      statements InitOnce-01 to -17.
#include "shim/base/sdk.h"
#include "shim/local/futex.h"

namespace winshim::local {
namespace {

using Bits = std::uintptr_t;
using Once = std::atomic<Bits>;
static_assert(sizeof(Once) == sizeof(INIT_ONCE));
constexpr Bits kNone = 0, kPending = 1, kDone = 2, kAsync = 3, kModeMask = 3, kWaiters = 4;

Once& of(INIT_ONCE& once) noexcept { return of_memory<Once>(&once); }
bool done(Bits state) noexcept { return (state & kModeMask) == kDone; }
void* context_of(Bits state) noexcept { return reinterpret_cast<void*>(state & ~kModeMask); }

const Word& lower_half(const Once& once) noexcept {
    constexpr std::size_t kAt = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? sizeof(Bits) / sizeof(Word) - 1 : 0;
    return reinterpret_cast<const Word*>(&once)[kAt];
}

// All loads that may find it done: acquire - what the initializer wrote.
enum class Begun { mine, done, other_mode };

// Begins in this mode, or waits until it is done.
Begun begin(Once& once, bool async, Bits& state) noexcept {
    state = once.load(std::memory_order_acquire);
    for (;;) {
        if (done(state)) return Begun::done;
        if (state == kNone) {
            if (once.compare_exchange_weak(state, async ? kAsync : kPending, std::memory_order_acquire,
                                           std::memory_order_acquire))
                return Begun::mine;
            continue;
        }
        if (async || state == kAsync) return async && state == kAsync ? Begun::mine : Begun::other_mode;
        if (state == kPending && !once.compare_exchange_weak(state, kPending | kWaiters, std::memory_order_acquire,
                                                             std::memory_order_acquire))
            continue;
        futex_wait(lower_half(once), static_cast<u32>(kPending | kWaiters));
        state = once.load(std::memory_order_acquire);
    }
}

// Ends the attempt of the only initializer. release: what it wrote.
void end_pending(Once& once, Bits state) noexcept {
    if ((once.exchange(state, std::memory_order_release) & kWaiters) != 0) futex_wake(lower_half(once), kEverybody);
}

DWORD complete(Once& once, DWORD flags, void* context) noexcept {
    const bool async = (flags & INIT_ONCE_ASYNC) != 0, failure = (flags & INIT_ONCE_INIT_FAILED) != 0;
    const Bits bits = reinterpret_cast<std::uintptr_t>(context);
    if ((flags & ~DWORD{INIT_ONCE_ASYNC | INIT_ONCE_INIT_FAILED}) != 0 || (async && failure) ||
        (bits & kModeMask) != 0 || (failure && context != nullptr))
        return ERROR_INVALID_PARAMETER;
    Bits state = once.load(std::memory_order_acquire);
    if (state == kNone || done(state)) return ERROR_GEN_FAILURE;
    if (async != (state == kAsync)) return ERROR_INVALID_PARAMETER;
    if (async)
        return once.compare_exchange_strong(state, bits | kDone, std::memory_order_release, std::memory_order_relaxed)
                   ? ERROR_SUCCESS
                   : ERROR_GEN_FAILURE;
    end_pending(once, failure ? kNone : bits | kDone);
    return ERROR_SUCCESS;
}

}  // namespace
}  // namespace winshim::local

using namespace winshim;
using namespace winshim::local;

void WINAPI InitOnceInitialize(PINIT_ONCE InitOnce) { of(*InitOnce).store(kNone, std::memory_order_release); }

BOOL WINAPI InitOnceExecuteOnce(PINIT_ONCE InitOnce, PINIT_ONCE_FN InitFn, PVOID Parameter, LPVOID* Context) {
    Once& once = of(*InitOnce);
    Bits state;
    switch (begin(once, false, state)) {
        case Begun::other_mode: return failed(ERROR_INVALID_PARAMETER);
        case Begun::done: break;
        case Begun::mine: {
            void* context = Context != nullptr ? *Context : nullptr;  // a callback may leave it as it is
            if (InitFn(InitOnce, Parameter, &context) == FALSE) {
                end_pending(once, kNone);
                return FALSE;  // with the last error of its choice (InitOnce-03)
            }
            state = (reinterpret_cast<std::uintptr_t>(context) & ~kModeMask) | kDone;
            end_pending(once, state);
        }
    }
    if (Context != nullptr) *Context = context_of(state);
    return TRUE;
}

BOOL WINAPI InitOnceBeginInitialize(LPINIT_ONCE lpInitOnce, DWORD dwFlags, PBOOL fPending, LPVOID* lpContext) {
    Once& once = of(*lpInitOnce);
    if (dwFlags > INIT_ONCE_ASYNC || fPending == nullptr) return failed(ERROR_INVALID_PARAMETER);
    Bits state = once.load(std::memory_order_acquire);
    if (!done(state)) {
        if (dwFlags == INIT_ONCE_CHECK_ONLY) return failed(ERROR_GEN_FAILURE);
        const Begun begun = begin(once, dwFlags == INIT_ONCE_ASYNC, state);
        if (begun == Begun::other_mode) return failed(ERROR_INVALID_PARAMETER);
        if (begun == Begun::mine) {
            *fPending = TRUE;
            return TRUE;
        }
    }
    *fPending = FALSE;
    if (lpContext != nullptr) *lpContext = context_of(state);
    return TRUE;
}

BOOL WINAPI InitOnceComplete(LPINIT_ONCE lpInitOnce, DWORD dwFlags, LPVOID lpContext) {
    const DWORD error = complete(of(*lpInitOnce), dwFlags, lpContext);
    return error == ERROR_SUCCESS ? BOOL{TRUE} : failed(error);
}
