// multimedia.cpp - the multimedia clock (timeapi.h).
// Source      "timeGetTime", "timeBeginPeriod", "timeGetDevCaps".
#include "shim/base/sdk.h"
#pragma GCC visibility push(default)
#include "winapi_headers/timeapi.h"
#pragma GCC visibility pop

namespace {
constexpr UINT kLeast = 1, kMost = 1'000'000;
MMRESULT checked(UINT period) noexcept { return period < kLeast || period > kMost ? TIMERR_NOCANDO : TIMERR_NOERROR; }
}  // namespace

DWORD WINAPI timeGetTime(void) { return GetTickCount(); }
MMRESULT WINAPI timeBeginPeriod(UINT uPeriod) { return checked(uPeriod); }
MMRESULT WINAPI timeEndPeriod(UINT uPeriod) { return checked(uPeriod); }
MMRESULT WINAPI timeGetDevCaps(LPTIMECAPS ptc, UINT cbtc) {
    if (ptc == nullptr || cbtc < sizeof *ptc) return TIMERR_NOCANDO;
    *ptc = {.wPeriodMin = kLeast, .wPeriodMax = kMost};
    return MMSYSERR_NOERROR;
}
