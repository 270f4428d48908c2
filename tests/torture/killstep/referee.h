// referee.h - the attached survivor that arranges the objects of a trial and judges what is left of it.
//
// Purpose     What the judges of operations_*.h are written in. The first thing that does not hold ends the judging by
//             an exception with a sentence. No wait here is longer than kPatience.
#pragma once

#include <signal.h>

#include <cstdarg>
#include <cstring>
#include <string>
#include <vector>

#include "tests/torture/killstep/page.h"
#include "tests/torture/killstep/segment_view.h"

namespace killstep {

struct Failure {
    std::string text;
};

enum class Chance { never, maybe, must };

class Referee {
public:
    Referee(Page& page, SegmentView& view) : page_(page), view_(view) {}

    const Fate& fate() const { return page_.fate; }
    // What the operation achieves: for sure once the call has returned, perhaps before.
    Chance done() const { return fate().finished ? Chance::must : Chance::maybe; }
    // The victim's signal of `id`: once it was in the shared state it must reach somebody, before that it must not.
    Chance sent(char id) const {
        bool seen = fate().finished || fate().signaled[id - 'a'];
        for (const unsigned index : queued_) seen = seen || !fate().undecided[index];
        return seen ? Chance::must : Chance::never;
    }
    // The victim's death as the owner of `id`.
    Chance owner_died(char id) const { return fate().owned[id - 'a'] ? Chance::must : Chance::never; }

    [[noreturn, gnu::format(printf, 2, 3)]] void fail(const char* format, ...) const {
        char text[300];
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(text, sizeof text, format, arguments);
        va_end(arguments);
        throw Failure{text};
    }
    void expect(bool holds, const char* what) const {
        if (!holds) fail("%s", what);
    }
    void expect_chance(bool happened, Chance chance, const char* what) const {
        if (happened && chance == Chance::never) fail("%s happened, and must not have", what);
        if (!happened && chance == Chance::must) fail("%s has not happened", what);
    }

    // ---- objects; their ids: m n mutexes, s semaphore, t timer, a b c events, x l names that the victim makes -------
    HANDLE event(char id, bool manual, bool set) { return keep(id, CreateEventA(nullptr, manual, set, name(id).text)); }
    HANDLE mutex(char id, bool owned = false) { return keep(id, CreateMutexA(nullptr, owned, name(id).text)); }
    HANDLE semaphore(LONG count, LONG most) {
        return keep('s', CreateSemaphoreA(nullptr, count, most, name('s').text));
    }
    HANDLE timer(bool manual) { return keep('t', CreateWaitableTimerA(nullptr, manual, name('t').text)); }
    HANDLE operator[](char id) const { return handle_[id - 'a']; }
    Name name(char id) const { return Name(page_.trial, id); }

    DWORD wait(char id, DWORD timeout_ms = kPatience / kMs) {
        page_.doing.store("WaitForSingleObject");
        const DWORD result = WaitForSingleObject((*this)[id], timeout_ms);
        if (result == WAIT_FAILED) fail("the wait on %c failed, error %u", id, GetLastError());
        if (result == WAIT_TIMEOUT && timeout_ms != 0) fail("the wait on %c timed out", id);
        return result;
    }
    bool poll(char id) { return wait(id, 0) != WAIT_TIMEOUT; }
    void set(char id) {
        page_.doing.store("SetEvent");
        expect(SetEvent((*this)[id]), "SetEvent failed");
    }
    void release(char id) {
        page_.doing.store("ReleaseMutex");
        expect(ReleaseMutex((*this)[id]), "ReleaseMutex of the owner failed");
    }

    // The timer t: `due` in units of 100 ns, negative from now on, 0 at once.
    void set_timer(LONGLONG due, LONG period_ms = 0) {
        page_.doing.store("SetWaitableTimer");
        LARGE_INTEGER at;
        at.QuadPart = due;
        expect(SetWaitableTimer((*this)['t'], &at, period_ms, nullptr, nullptr, FALSE), "SetWaitableTimer failed");
        set_before_ = due_word();
    }
    std::uint64_t due_word() const { return view_.due_word_of(static_cast<std::uint32_t>(getpid()), (*this)['t']); }
    bool time_is_pending() const { return (due_word() & winshim::timer::kTime) != 0; }
    // Whether the victim's SetWaitableTimer or CancelWaitableTimer was in the shared state: from then on it must stand,
    // before that it must not happen.
    bool was_set() const {
        return fate().finished || ((fate().due['t' - 'a'] ^ set_before_) & winshim::timer::kWhich) != 0;
    }

    // Enters the object's guard and changes nothing: what the dead left there is repaired.
    void touch(char id) {
        page_.doing.store("DuplicateHandle or CloseHandle");
        HANDLE other = nullptr;
        expect(DuplicateHandle(GetCurrentProcess(), (*this)[id], GetCurrentProcess(), &other, 0, FALSE,
                               DUPLICATE_SAME_ACCESS), "DuplicateHandle failed");
        expect(CloseHandle(other), "CloseHandle of the duplicate failed");
    }

    // ---- waiters ----------------------------------------------------------------------------------------------------
    void queue(unsigned index, Form form, const char* objects) {
        wish(index, form, objects);
        const std::uint64_t deadline = now_ns() + kPatience;
        while (!blocked(index)) {
            if (is_answered(page_.waiter[index].post))
                fail("waiter %u did not block on %s: %#x", index, objects, page_.waiter[index].result);
            if (now_ns() > deadline) fail("waiter %u does not get blocked on %s", index, objects);
            usleep(30);
        }
        queued_.push_back(index);
    }
    bool blocked(unsigned index) const { return view_.is_blocked(page_.waiter[index].tid.load()); }
    unsigned released() const {
        unsigned count = 0;
        for (const unsigned index : queued_) count += !blocked(index);
        return count;
    }
    // The result of a wait that must be over now, but for the scheduling.
    DWORD result(unsigned index) {
        Post& post = page_.waiter[index].post;
        if (!await_answer(post, now_ns() + (page_.patient ? kPatience : 2 * kMs))) {
            if (page_.patient) fail("waiter %u sleeps on, and nobody looks", index);
            page_.sweep_wanted.store(1);  // a bell that the dead did not ring: the rundown does it
            if (!await_answer(post, now_ns() + kPatience))
                fail("waiter %u hangs (%s)", index,
                     blocked(index) ? "nothing was granted" : "granted, and does not return");
        }
        return page_.waiter[index].result;
    }
    void expect_result(unsigned index, DWORD wanted) {
        if (const DWORD got = result(index); got != wanted)
            fail("waiter %u got %#x instead of %#x", index, got, wanted);
    }
    DWORD call_waiter(unsigned index, Form form, const char* objects = "") {
        wish(index, form, objects);
        return result(index);
    }
    // Has it begin, and goes on when it has done it or is asleep (behind a lock that the stopped victim holds).
    void begin_waiter(unsigned index, Form form, const char* objects = "") {
        wish(index, form, objects);
        const WaiterPost& waiter = page_.waiter[index];
        for (const std::uint64_t until = now_ns() + kPatience; now_ns() < until;) {
            if (waiter.post.answered.load() == waiter.post.asked.load()) return;
            if (waiter.begun.load() == waiter.post.asked.load() && is_asleep(static_cast<pid_t>(waiter.tid.load())))
                return;
        }
        fail("waiter %u neither ends nor sleeps", index);
    }
    // Wakes the blocked waiter, so that it looks; goes on when it is asleep again, or back.
    void nudge(unsigned index) {
        const auto tid = static_cast<pid_t>(page_.waiter[index].tid.load());
        syscall(SYS_tkill, tid, SIGUSR1);
        usleep(150);
        for (const std::uint64_t until = now_ns() + 20 * kMs; now_ns() < until && !is_asleep(tid);) {}
    }

    // ---- whole checks -----------------------------------------------------------------------------------------------
    // Whoever owns `id` now (this thread): nobody else gets in. Then it is released.
    void exclusive_then_release(char id) {
        const char objects[2] = {id, 0};
        expect(call_waiter(2, Form::poll, objects) == WAIT_TIMEOUT, "a second thread got into an owned mutex");
        release(id);
    }
    // Takes the mutex: abandoned once, if at all, and an ordinary mutex from then on.
    void check_mutex(char id, Chance abandoned) {
        expect_chance(wait(id) == WAIT_ABANDONED, abandoned, "the report WAIT_ABANDONED");
        exclusive_then_release(id);
        expect(wait(id) == WAIT_OBJECT_0, "WAIT_ABANDONED was reported a second time");
        release(id);
    }
    // Makes the name anew. 0 and a fresh object if only the dead held it, 183 if somebody living does.
    void check_name(char id, bool living) {
        page_.doing.store("CreateEvent of a name");
        const HANDLE made = CreateEventA(nullptr, FALSE, FALSE, name(id).text);
        const DWORD error = GetLastError();
        if (made == nullptr) fail("the name %c cannot be created anew: error %u", id, error);
        if (error != (living ? ERROR_ALREADY_EXISTS : 0u)) fail("creating the name %c anew gives error %u", id, error);
        if (living) expect(CompareObjectHandles(made, (*this)[id]), "the name leads to another object");
        else expect(WaitForSingleObject(made, 0) == WAIT_TIMEOUT, "the new object is not fresh");
        expect(SetEvent(made) && WaitForSingleObject(made, 0) == WAIT_OBJECT_0,
               "the object behind the name does not work");
        expect(CloseHandle(made), "CloseHandle failed");
    }

    // Closes everything that this trial opened, here and with the waiters.
    void end_trial() {
        for (unsigned i = 0; i < kWaiters; ++i) {
            expect(is_answered(page_.waiter[i].post), "a waiter is still blocked at the end of the trial");
            call_waiter(i, Form::forget);
        }
        close_all();
    }
    void close_all() {
        for (HANDLE& h : handle_) {
            if (h != nullptr) CloseHandle(h);
            h = nullptr;
        }
        for (HANDLE& h : page_.handle) h = nullptr;
        if (page_.process_handle != nullptr) CloseHandle(page_.process_handle);
        page_.process_handle = nullptr;
        set_before_ = 0;
        queued_.clear();
    }
    void close(char id) {
        expect(CloseHandle(handle_[id - 'a']), "CloseHandle failed");
        page_.handle[id - 'a'] = handle_[id - 'a'] = nullptr;
    }
    // Closes a, the last handle to it being here, and makes event b in the slot that it had. (Each new object takes the
    // next free slot, so it comes round.)
    void reuse_slot_of_a() {
        const auto self = static_cast<std::uint32_t>(getpid());
        const std::uint32_t slot = view_.object_of(self, (*this)['a']);
        close('a');
        for (unsigned tries = 0; tries < shm::kMaxObjects; ++tries) {
            const HANDLE made = CreateEventA(nullptr, FALSE, FALSE, nullptr);
            expect(made != nullptr, "no event can be made");
            if (view_.object_of(self, made) == slot) return adopt('b', made);
            CloseHandle(made);
        }
        fail("the slot of a closed object is not used again");
    }
    void adopt(char id, HANDLE h) { page_.handle[id - 'a'] = handle_[id - 'a'] = h; }
    Page& page() { return page_; }

private:
    HANDLE keep(char id, HANDLE h) {
        if (h == nullptr || GetLastError() != 0) fail("cannot make object %c: error %u", id, GetLastError());
        return page_.handle[id - 'a'] = handle_[id - 'a'] = h;
    }
    static bool is_asleep(pid_t tid) {
        char path[40], text[200] = {};
        // "tid (name) state ..."; a thread's, though it is not listed.
        snprintf(path, sizeof path, "/proc/%d/stat", tid);
        const int fd = ::open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0) return false;
        const ssize_t got = read(fd, text, sizeof text - 1);
        ::close(fd);
        const char* at = got <= 0 ? nullptr : strrchr(text, ')');
        return at != nullptr && at[2] == 'S';
    }
    void wish(unsigned index, Form form, const char* objects) {
        WaiterPost& post = page_.waiter[index];
        post.form = form;
        strcpy(post.objects, objects);
        ask(post.post);
    }

    Page& page_;
    SegmentView& view_;
    HANDLE handle_[26] = {};
    std::vector<unsigned> queued_;
    std::uint64_t set_before_ = 0;  // the timer's due word when the referee had set it
};

}  // namespace killstep
