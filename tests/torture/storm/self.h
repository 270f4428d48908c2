// self.h - one thread of the storm: its record, its dice, its handles, and the calls it makes.
//
// Purpose     Every library call goes through here, so that the record says which call is running, on what, since when.
#pragma once

#include <algorithm>

#include "tests/torture/storm/model.h"

namespace storm {

class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15u + 1) {}
    std::uint32_t below(std::uint32_t limit) {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return static_cast<std::uint32_t>((state_ >> 20) % limit);
    }
    bool chance(std::uint32_t percent) { return below(100) < percent; }
    std::uint32_t of(Span span) { return span.first + below(span.count); }

private:
    std::uint64_t state_;
};

struct Self {
    Model& model;
    std::uint32_t id;
    const HANDLE* shared;                          // the process's handles by object; NULL for floating ones
    Random random;
    ThreadRecord* handler = nullptr;               // of the signal handler in this thread, if it has one

    ThreadRecord& record() { return model.thread(id); }
    ObjectModel& object(std::uint32_t index) { return model.objects[index]; }
};

// Keeps the longest time that a finite call took beyond its time-out.
inline void note_overrun(Model& model, std::uint64_t elapsed_ns, DWORD timeout_ms) {
    const std::uint64_t elapsed_us = elapsed_ns / 1000, timeout_us = std::uint64_t{timeout_ms} * 1000;
    const std::uint64_t overrun_us = elapsed_us > timeout_us ? elapsed_us - timeout_us : 0;
    std::uint64_t worst = model.worst_overrun_us.load();
    while (overrun_us > worst && !model.worst_overrun_us.compare_exchange_weak(worst, overrun_us)) {}
}

// Publishes one call for as long as it runs. `since_ns` is written last and cleared first.
template <typename Function>
auto publish(Self& self, Call call, std::uint64_t objects, DWORD timeout_ms, Function&& function) {
    ThreadRecord& record = self.record();
    const std::uint64_t begun = now_ns();
    record.call.store(call);
    record.objects.store(objects);
    record.timeout_ms.store(timeout_ms);
    record.since_ns.store(begun);
    const auto result = function();
    record.since_ns.store(0);
    if (self.handler != nullptr) self.handler->giving.store(0), self.handler->taking.store(0);  // see handler.h
    record.operations.fetch_add(1);
    if (timeout_ms != INFINITE) note_overrun(self.model, now_ns() - begun, timeout_ms);
    return result;
}

// Opens a window for as long as it lives; see model.h.
class Window {
public:
    Window(Self& self, std::uint64_t taking, std::uint64_t giving, std::uint32_t units = 0) : record_(self.record()) {
        record_.units.store(units);
        record_.giving.store(giving);
        record_.taking.store(taking);
    }
    ~Window() {
        record_.taking.store(0);
        record_.giving.store(0);
    }
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

private:
    ThreadRecord& record_;
};

inline void close_noted(Self& self, std::uint32_t object, HANDLE handle) {
    const bool closed = publish(self, Call::close, bit(object), 0, [&] { return CloseHandle(handle) != FALSE; });
    look(self.model.report, Check::result, closed, "%s: CloseHandle of an open handle gave error %u",
         name_of(object).text, GetLastError());
}

// A way to reach an object: the process's own handle, or one that lives for this use only and came to be by Create,
// Open or DuplicateHandle. Floating objects are always created.
class Reach {
public:
    Reach(Self& self, std::uint32_t object) : self_(&self), object_(object) {
        const std::uint32_t dice = is_anchored(object) ? self.random.below(10) : 6;
        if (dice < 6) {
            handle_ = self.shared[object];
            return;
        }
        own_ = true;
        if (dice < 8) create();
        else if (dice < 9) open();
        else duplicate();
    }
    ~Reach() {
        if (own_ && handle_) close_noted(*self_, object_, handle_);
    }
    Reach(const Reach&) = delete;
    Reach& operator=(const Reach&) = delete;
    HANDLE get() const { return handle_; }
    bool is_open() const { return handle_ != nullptr; }

private:
    void create() {
        SetLastError(0xDEAD);
        handle_ = publish(*self_, Call::create, bit(object_), 0, [&] { return create_object(object_); });
        const DWORD error = GetLastError();
        const bool right = error == ERROR_ALREADY_EXISTS || (error == ERROR_SUCCESS && !is_anchored(object_));
        look(self_->model.report, Check::result, handle_ && right, "%s: Create gave %p, error %u",
             name_of(object_).text, handle_, error);
    }
    void open() {
        handle_ = publish(*self_, Call::open, bit(object_), 0, [&] { return open_object(object_); });
        look(self_->model.report, Check::result, handle_ != nullptr, "%s: Open of a name that is held: error %u",
             name_of(object_).text, GetLastError());
    }
    void duplicate() {
        const bool done = publish(*self_, Call::duplicate, bit(object_), 0, [&] {
            return DuplicateHandle(GetCurrentProcess(), self_->shared[object_], GetCurrentProcess(), &handle_, 0, FALSE,
                                   DUPLICATE_SAME_ACCESS) != FALSE;
        });
        if (!done) handle_ = nullptr;
        look(self_->model.report, Check::result, done, "%s: DuplicateHandle: error %u", name_of(object_).text,
             GetLastError());
    }

    Self* self_;
    std::uint32_t object_;
    HANDLE handle_ = nullptr;
    bool own_ = false;
};

inline DWORD wait_one(Self& self, std::uint32_t object, HANDLE handle, DWORD timeout_ms) {
    return publish(self, Call::wait_one, bit(object), timeout_ms,
                   [&] { return WaitForSingleObject(handle, timeout_ms); });
}

// Polls, short waits, and now and then one that ends only when somebody signals.
inline DWORD some_timeout(Self& self, bool may_be_infinite) {
    if (self.random.chance(25)) return 0;
    if (may_be_infinite && self.random.chance(20)) return INFINITE;
    return 1 + self.random.below(30);
}

}  // namespace storm
