// callback.cpp - what a callback asks of the thread it runs in (threadpoolapiset.h).
//
// Each request is made once at most in a callback: a second one of its kind is ignored. All but the two last only note
// what workers.cpp does when the callback has returned.
#include "shim/pool/pool.h"

namespace winshim::pool {
namespace {

Instance& instance_of(PTP_CALLBACK_INSTANCE pci) noexcept { return *reinterpret_cast<Instance*>(pci); }

}  // namespace
}  // namespace winshim::pool

using namespace winshim;
using namespace winshim::pool;

VOID WINAPI SetEventWhenCallbackReturns(PTP_CALLBACK_INSTANCE pci, HANDLE evt) {
    if (instance_of(pci).event == nullptr) instance_of(pci).event = evt;
}

VOID WINAPI ReleaseSemaphoreWhenCallbackReturns(PTP_CALLBACK_INSTANCE pci, HANDLE sem, DWORD crel) {
    if (instance_of(pci).semaphore != nullptr) return;
    instance_of(pci).semaphore = sem;
    instance_of(pci).units = crel;
}

VOID WINAPI ReleaseMutexWhenCallbackReturns(PTP_CALLBACK_INSTANCE pci, HANDLE mut) {
    if (instance_of(pci).mutex == nullptr) instance_of(pci).mutex = mut;
}

VOID WINAPI LeaveCriticalSectionWhenCallbackReturns(PTP_CALLBACK_INSTANCE pci, PCRITICAL_SECTION pcs) {
    if (instance_of(pci).section == nullptr) instance_of(pci).section = pcs;
}

VOID WINAPI FreeLibraryWhenCallbackReturns(PTP_CALLBACK_INSTANCE pci, HMODULE mod) {
    if (instance_of(pci).library == nullptr) instance_of(pci).library = mod;
}

BOOL WINAPI CallbackMayRunLong(PTP_CALLBACK_INSTANCE pci) {
    const KeepErrno keep;
    Instance& instance = instance_of(pci);
    Todo todo;
    bool another = false;
    {
        const wait::PrivateLock guard(lock);
        Pool* p = instance.worker->pool;
        if (p == nullptr) return FALSE;
        if (!instance.runs_long) ++p->busy_long;
        instance.runs_long = true;
        another = p->threads > p->busy || grow(*p, todo);  // one that is idle, or just being made
    }
    return todo.act() && another;
}

VOID WINAPI DisassociateCurrentThreadFromCallback(PTP_CALLBACK_INSTANCE pci) {
    const KeepErrno keep;
    Instance& instance = instance_of(pci);
    Todo todo;
    const wait::PrivateLock guard(lock);
    if (instance.disassociated) return;
    instance.disassociated = true;
    --instance.item->running;
    settle_item(*instance.item, todo);
}
