// ce_events.cpp - what Windows CE has beside its events (winshim_ce.h).
#include "shim/api/convert.h"
#include "shim/object/kinds.h"

#pragma GCC visibility push(default)
#include "winapi_headers/winshim_ce.h"
#pragma GCC visibility pop

using namespace winshim;
using namespace winshim::api;

BOOL WINAPI EventModify(HANDLE hEvent, DWORD func) {
    WINSHIM_FOREIGN(EventModify, hEvent, hEvent, func);
    switch (func) {
        case EVENT_PULSE: return PulseEvent(hEvent);
        case EVENT_RESET: return ResetEvent(hEvent);
        case EVENT_SET: return SetEvent(hEvent);
        default: return finish(Status::invalid_parameter);
    }
}

// Under the guard: a handle that is closed just now must not lead to the next object there. Whoever takes a signal that
// comes after it sees it, as all else that was written before the signal.
BOOL WINAPI SetEventData(HANDLE hEvent, DWORD dwData) {
    WINSHIM_FOREIGN(SetEventData, hEvent, hEvent, dwData);
    const KeepErrno keep;
    const Result<wait::Target> event = resolve(hEvent, Kind::event, event::kModifyState);
    if (!event) return finish(event.status);
    wait::Entry entry;
    if (const Status s = wait::enter(entry, event.value); s != Status::success) return finish(s);
    entry.x().body[event::kData].set(dwData);
    wait::leave(entry);
    return TRUE;
}

DWORD WINAPI GetEventData(HANDLE hEvent) {
    WINSHIM_FOREIGN(GetEventData, hEvent, hEvent);
    const KeepErrno keep;
    const Result<wait::Target> event = resolve(hEvent, Kind::event, 0);
    if (event) return shm::object(event.value.object).body[event::kData].get();
    finish(event.status);
    return 0;
}
