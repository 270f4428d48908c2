// perform.cpp - see perform.h. As plain as the calls that are printed for a failing sequence (write.cpp).
#include "conformance/random/perform.h"

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "conformance/random/names.h"

namespace sequence {
namespace {

constexpr int kErrnoBefore = 4711;
const HANDLE kGarbageHandle = reinterpret_cast<HANDLE>(std::uintptr_t{0x3FFFC});

thread_local answer *current;  // of the call that the thread is in: its APCs leave their numbers there

struct ApcData {
    Apc what;
    std::uint8_t number;
    HANDLE handle;
    HANDLE thread;
};

void run_apc(ULONG_PTR data) {
    const std::unique_ptr<ApcData> apc(reinterpret_cast<ApcData *>(data));
    if (current->notes < STAGE_NOTES) current->note[current->notes] = apc->number;
    ++current->notes;
    switch (apc->what) {
        case Apc::note: break;
        case Apc::set_last_error: SetLastError(1000u + apc->number); break;
        case Apc::set_event: SetEvent(apc->handle); break;
        case Apc::queue_another: {
            auto *next = new ApcData{Apc::note, static_cast<std::uint8_t>(apc->number + 100), nullptr, nullptr};
            QueueUserAPC(run_apc, apc->thread, reinterpret_cast<ULONG_PTR>(next));
        }
    }
}

class Performance {
public:
    Performance(int actor, const Call &call, answer &a)
        : actor_(actor), c(call), a(a), h_(stage_handles(process_of(actor))) {}

    // True: the answer's value is set.
    void act() {
        switch (c.op) {
            case Op::create_event:
            case Op::create_mutex:
            case Op::create_semaphore:
            case Op::create_timer:
            case Op::create_mapping: return made(create());
            case Op::open_event:
            case Op::open_mutex:
            case Op::open_semaphore:
            case Op::open_timer:
            case Op::open_mapping: return made(open());
            case Op::open_process:
                return made(OpenProcess(c.access, c.inherit, static_cast<DWORD>(stage_pid(c.other))));
            case Op::open_thread:
                return made(OpenThread(c.access, c.inherit, static_cast<DWORD>(stage_tid(c.other))));
            case Op::terminate_thread: a.value = TerminateThread(stage_thread_handle(c.other), 5); return;
            case Op::terminate_process: return terminate_process();
            case Op::set_event: a.value = SetEvent(h(0)); return;
            case Op::reset_event: a.value = ResetEvent(h(0)); return;
            case Op::pulse_event: a.value = PulseEvent(h(0)); return;
            case Op::release_mutex: a.value = ReleaseMutex(h(0)); return;
            case Op::release_semaphore:
                a.value = ReleaseSemaphore(h(0), c.amount, c.second ? reinterpret_cast<LONG *>(&a.extra) : nullptr);
                return;
            case Op::set_timer: return set_timer();
            case Op::cancel_timer: a.value = CancelWaitableTimer(h(0)); return;
            case Op::close: a.value = CloseHandle(h(0)); return;
            case Op::duplicate:
            case Op::give:
            case Op::take: return duplicate();
            case Op::get_information: a.value = GetHandleInformation(h(0), reinterpret_cast<DWORD *>(&a.extra)); return;
            case Op::set_information: a.value = SetHandleInformation(h(0), c.access, c.flags); return;
            case Op::compare: a.value = CompareObjectHandles(h(0), h(1)); return;
            case Op::wait_one: return wait_one();
            case Op::wait_many: return wait_many();
            case Op::signal_and_wait: a.value = SignalObjectAndWait(h(0), h(1), c.timeout, c.second); return;
            case Op::queue_apc: return queue_apc();
            case Op::sleep: a.value = SleepEx(c.timeout, c.second); return;
            case Op::set_error: SetLastError(c.access); return;
            default: return come_and_go();
        }
    }

private:
    const int actor_;
    const Call &c;
    answer &a;
    HANDLE *const h_;

    HANDLE value_of(const HANDLE *slots, int reference) const {
        switch (reference) {
            case kNull: return nullptr;
            case kGarbage: return kGarbageHandle;
            case kThisProcess: return GetCurrentProcess();
            case kThisThread: return GetCurrentThread();
            default: return slots[reference];
        }
    }
    HANDLE h(int i) const { return value_of(h_, c.h[i]); }

    void made(HANDLE handle) {
        a.value = handle != nullptr;
        if (handle == INVALID_HANDLE_VALUE || handle == GetCurrentThread()) a.value = 2;  // Gen-10
        if (handle != nullptr) h_[c.to] = handle;
    }

    const char *name() const { return c.name < 0 ? nullptr : kNames[c.name].text.c_str(); }
    const wchar_t *wide_name() const {
        static thread_local wchar_t text[300];
        if (c.name < 0) return nullptr;
        wchar_t *to = text;
        for (const char *at = name(); *at != 0;) {
            const auto byte = static_cast<unsigned char>(*at++);
            const int more = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : byte >= 0x80 ? 1 : 0;
            unsigned character = more == 0 ? byte : byte & (0x3Fu >> more);
            for (int i = 0; i < more; ++i) character = character << 6 | (static_cast<unsigned char>(*at++) & 0x3Fu);
            *to++ = static_cast<wchar_t>(character);
        }
        *to = 0;
        return text;
    }

    HANDLE create() {
        SECURITY_ATTRIBUTES with{sizeof with, nullptr, c.inherit};
        SECURITY_ATTRIBUTES *const sa = c.attributes ? &with : nullptr;
        const DWORD flags = (c.first ? 1u : 0u) | (c.op == Op::create_event && c.second ? 2u : 0u) | c.flags;
        const bool wide = c.form & kWide;
        const char *const n = name();
        const wchar_t *const w = wide ? wide_name() : nullptr;
        if (c.form & kEx) switch (c.op) {
                case Op::create_event:
                    return wide ? CreateEventExW(sa, w, flags, c.access) : CreateEventExA(sa, n, flags, c.access);
                case Op::create_mutex:
                    return wide ? CreateMutexExW(sa, w, flags, c.access) : CreateMutexExA(sa, n, flags, c.access);
                case Op::create_timer:
                    return wide ? CreateWaitableTimerExW(sa, w, flags, c.access)
                                : CreateWaitableTimerExA(sa, n, flags, c.access);
                default:
                    return wide ? CreateSemaphoreExW(sa, c.amount, c.limit, w, c.flags, c.access)
                                : CreateSemaphoreExA(sa, c.amount, c.limit, n, c.flags, c.access);
            }
        switch (c.op) {
            case Op::create_event:
                return wide ? CreateEventW(sa, c.first, c.second, w) : CreateEventA(sa, c.first, c.second, n);
            case Op::create_mutex: return wide ? CreateMutexW(sa, c.first, w) : CreateMutexA(sa, c.first, n);
            case Op::create_mapping:
                return wide ? CreateFileMappingW(INVALID_HANDLE_VALUE, sa, PAGE_READWRITE, 0, 4096, w)
                            : CreateFileMappingA(INVALID_HANDLE_VALUE, sa, PAGE_READWRITE, 0, 4096, n);
            case Op::create_timer:
                return wide ? CreateWaitableTimerW(sa, c.first, w) : CreateWaitableTimerA(sa, c.first, n);
            default:
                return wide ? CreateSemaphoreW(sa, c.amount, c.limit, w) : CreateSemaphoreA(sa, c.amount, c.limit, n);
        }
    }

    HANDLE open() {
        const bool wide = c.form & kWide;
        const char *const n = name();
        const wchar_t *const w = wide ? wide_name() : nullptr;
        switch (c.op) {
            case Op::open_event:
                return wide ? OpenEventW(c.access, c.inherit, w) : OpenEventA(c.access, c.inherit, n);
            case Op::open_mutex:
                return wide ? OpenMutexW(c.access, c.inherit, w) : OpenMutexA(c.access, c.inherit, n);
            case Op::open_mapping:
                return wide ? OpenFileMappingW(c.access, c.inherit, w) : OpenFileMappingA(c.access, c.inherit, n);
            case Op::open_semaphore:
                return wide ? OpenSemaphoreW(c.access, c.inherit, w) : OpenSemaphoreA(c.access, c.inherit, n);
            default:
                return wide ? OpenWaitableTimerW(c.access, c.inherit, w) : OpenWaitableTimerA(c.access, c.inherit, n);
        }
    }

    void set_timer() {
        LARGE_INTEGER due;
        due.QuadPart = c.amount < 0 ? 1 : -10'000LL * c.amount;  // 1: a FILETIME of long ago
        a.value = SetWaitableTimer(h(0), &due, c.limit, nullptr, nullptr, c.second);
    }

    void duplicate() {
        const HANDLE own = GetCurrentProcess();
        const HANDLE other = c.op == Op::duplicate
                                 ? own
                                 : OpenProcess(PROCESS_DUP_HANDLE, FALSE, static_cast<DWORD>(stage_pid(c.other)));
        HANDLE *const theirs = stage_handles(c.other);
        const HANDLE from = c.op == Op::take ? other : own;
        const HANDLE source = c.op == Op::take ? value_of(theirs, c.h[0]) : h(0);
        const HANDLE to = c.op == Op::give ? other : own;
        HANDLE *const target = c.op == Op::give ? theirs : h_;
        a.value = c.to >= 0 ? DuplicateHandle(from, source, to, target + c.to, c.access, c.inherit, c.flags)
                            : DuplicateHandle(from, source, nullptr, nullptr, c.access, c.inherit, c.flags);
        if (c.op != Op::duplicate && !CloseHandle(other)) a.value = 2;
    }

    void terminate_process() {
        const HANDLE other = OpenProcess(PROCESS_TERMINATE, FALSE, static_cast<DWORD>(stage_pid(c.other)));
        a.value = TerminateProcess(other, 7);
        if (!CloseHandle(other)) a.value = 2;
    }

    void wait_one() {
        a.value = c.form & kEx ? WaitForSingleObjectEx(h(0), c.timeout, c.second)
                               : WaitForSingleObject(h(0), c.timeout);
    }

    void wait_many() {
        HANDLE all[MAXIMUM_WAIT_OBJECTS + 1];
        for (int i = 0; i < c.count; ++i) all[i] = h(i % 6);
        a.value = c.form & kEx ? WaitForMultipleObjectsEx(c.count, all, c.first, c.timeout, c.second)
                               : WaitForMultipleObjects(c.count, all, c.first, c.timeout);
    }

    void queue_apc() {
        const HANDLE thread = stage_thread_handle(c.other);
        auto *apc = new ApcData{static_cast<Apc>(c.count), static_cast<std::uint8_t>(c.amount), h(0), thread};
        a.value = QueueUserAPC(run_apc, thread, reinterpret_cast<ULONG_PTR>(apc));
    }

    void come_and_go() {
        const DWORD before = GetLastError();  // theirs is not specified
        switch (c.op) {
            case Op::start_thread: a.value = stage_thread(c.other, c.amount); break;
            case Op::fork:
                a.value = stage_fork(c.other * kThreads);
                break;
            case Op::create_process: a.value = stage_create(c.other * kThreads, c.inherit); break;
            case Op::end_thread: stage_end_thread(actor_ % kThreads == 0 && c.amount == 0 ? 1 : c.amount); break;
            case Op::exit_process:
                if (c.amount == 0) exit(0);
                if (c.amount == 1) _exit(0);
                if (c.amount == 2) ExitProcess(0);
                if (c.amount == 3) TerminateProcess(GetCurrentProcess(), 0);
                raise(SIGKILL);
                break;
            default: break;
        }
        SetLastError(before);
    }
};

}  // namespace

void perform(int actor, const void *request, answer *answer) {
    Call call;
    memcpy(&call, request, sizeof call);
    current = answer;
    errno = kErrnoBefore;
    Performance(actor, call, *answer).act();
    answer->error = GetLastError();
    answer->errno_kept = errno == kErrnoBefore;  // LD-18
}

}  // namespace sequence
