// model.cpp - the specification, call by call. See model.h. What begins and ends: model_lives.cpp.
#include "conformance/random/model.h"

#include "conformance/random/turn.h"

namespace sequence {

std::uint32_t all_access(Kind kind) {
    switch (kind) {
        case Kind::mutex: return MUTEX_ALL_ACCESS;
        case Kind::mapping: return FILE_MAP_ALL_ACCESS;
        case Kind::process: return PROCESS_ALL_ACCESS;
        case Kind::thread: return THREAD_ALL_ACCESS;
        default: return EVENT_ALL_ACCESS;  // as SEMAPHORE_ALL_ACCESS and TIMER_ALL_ACCESS
    }
}

std::uint32_t granted(Kind kind, std::uint32_t desired) {
    const std::uint32_t query = kind == Kind::mutex ? 0 : 1, modify = kind == Kind::mutex ? 1 : 2;
    std::uint32_t access = desired & all_access(kind);
    if (desired & GENERIC_READ) access |= READ_CONTROL | query;
    if (desired & GENERIC_WRITE) access |= READ_CONTROL | modify;
    if (desired & GENERIC_EXECUTE) access |= READ_CONTROL | SYNCHRONIZE;
    if (desired & (GENERIC_ALL | MAXIMUM_ALLOWED)) access |= all_access(kind);
    return access;
}

Model::Model(Profile profile) : profile_(profile), processes_{}, threads_{} {}

Outcome Model::play(const Call &call) {
    const Model before = *this;
    try {
        return Turn(*this, call).run();
    } catch (const Unspecified &) {
        *this = before;
        return Outcome{};
    }
}

void Turn::act() {
    switch (c.op) {
        case Op::create_event:
        case Op::create_mutex:
        case Op::create_semaphore:
        case Op::create_timer:
        case Op::create_mapping: return create();
        case Op::open_event: return open(Kind::event);
        case Op::open_mutex: return open(Kind::mutex);
        case Op::open_semaphore: return open(Kind::semaphore);
        case Op::open_timer: return open(Kind::timer);
        case Op::open_mapping: return open(Kind::mapping);
        case Op::open_process:
        case Op::open_thread: return open_living();
        case Op::set_event:
        case Op::reset_event:
        case Op::pulse_event:
        case Op::release_mutex:
        case Op::release_semaphore:
        case Op::cancel_timer: return change_state();
        case Op::set_timer: return set_timer();
        case Op::close: return close_handle();
        case Op::duplicate: return duplicate(mine, mine);
        case Op::give: return duplicate(mine, m.processes_[c.other]);
        case Op::take: return duplicate(m.processes_[c.other], mine);
        case Op::get_information:
        case Op::compare: return use_handle();
        case Op::set_information: return set_information();
        case Op::wait_one: return wait_one();
        case Op::wait_many: return wait_many();
        case Op::signal_and_wait: return signal_and_wait();
        case Op::queue_apc: return queue_apc();
        case Op::sleep: return wait_for({{}, false, c.second, 0}, 0);                     // Apc-12..14
        case Op::set_error: self.error = c.access; return returns(0);                     // LastError-01
        case Op::start_thread: return start_thread();
        case Op::fork:
        case Op::create_process: return start_child();
        case Op::end_thread:
            end_thread(me);
            out.how = m.processes_[process_of(me)].lives ? Outcome::thread_ends : Outcome::process_ends;
            return;
        case Op::exit_process:
            end_process(process_of(me));
            out.how = Outcome::process_ends;
            return;
        case Op::terminate_thread:
        case Op::terminate_process: return terminate();
        default: need(false);
    }
}

void Turn::create() {
    const bool more_flags = (c.form & kEx) && c.flags != 0;                               // CreateEventEx-04 and others
    std::uint32_t wrong = more_flags ? ERROR_INVALID_PARAMETER : 0;
    switch (c.op) {
        case Op::create_event:
            return create({.kind = Kind::event, .manual = c.first, .count = c.second, .most = 1}, wrong);
        case Op::create_mutex:
            return create({.kind = Kind::mutex, .owner = c.first ? me : kNobody, .recursion = c.first}, wrong);
        case Op::create_timer:
            return create({.kind = Kind::timer, .manual = c.first, .most = 1}, wrong);
        case Op::create_mapping:
            need(!(c.form & kEx));
            return create({.kind = Kind::mapping}, 0);
        default:                                                                          // CreateSemaphore-02..04
            if (c.amount < 0 || c.limit <= 0 || c.amount > c.limit) wrong = ERROR_INVALID_PARAMETER;
            return create({.kind = Kind::semaphore, .count = c.amount, .most = c.limit}, wrong);
    }
}

void Turn::change_state() {
    const Kind kind = c.op == Op::release_mutex       ? Kind::mutex
                      : c.op == Op::release_semaphore ? Kind::semaphore
                      : c.op == Op::cancel_timer      ? Kind::timer
                                                      : Kind::event;
    Faults faults;
    Object *o = find(c.h[0], kind, kind == Kind::mutex ? 0 : kModify, faults);            // ReleaseMutex-07
    faults.add_if(c.op == Op::release_semaphore && c.amount <= 0, ERROR_INVALID_PARAMETER);
    if (faults.code() != 0) return truth(faults.code());
    switch (c.op) {
        case Op::set_event: set(*o); return truth(0);
        case Op::reset_event: o->count = 0; return truth(0);
        case Op::pulse_event: pulse(*o); return truth(0);
        case Op::release_mutex: return truth(release(*o));
        case Op::release_semaphore: {
            const std::int64_t before = o->count;
            truth(release_units(*o, c.amount));
            if (out.answer.value != 0 && c.second) out.answer.extra = static_cast<std::uint32_t>(before);
            return;
        }
        default: return truth(0);                                                         // Timer-17..19
    }
}

// `amount` is the due time: in the past, so short that everybody else stands still meanwhile, or never in a sequence.
void Turn::set_timer() {
    Faults faults;
    Object *o = find(c.h[0], Kind::timer, kModify, faults);
    faults.add_if(c.limit < 0, ERROR_INVALID_PARAMETER);                                  // Timer-15: the period
    if (faults.code() != 0) return truth(faults.code());
    o->count = 0;                                                                         // Timer-09, -10
    if (c.amount <= static_cast<int>(kShortMs)) set(*o);                                  // Timer-06, -08
    truth(0);
    if (c.second) self.error = ERROR_NOT_SUPPORTED;                                       // Timer-16: fResume
}

void Turn::close_handle() {
    const Found found = find(c.h[0]);
    if (found.error != 0) return truth(found.error);                                      // CloseHandle-02, -03
    if (found.pseudo) return truth(0);                                                    // CloseHandle-04
    if (found.handle->protect) return truth(ERROR_INVALID_HANDLE);                        // CloseHandle-12
    close(*found.handle);
    truth(0);
}

void Turn::duplicate(Process &from, Process &to) {
    need(from.lives && to.lives && (&from == &to) == (c.op == Op::duplicate));
    if (c.op != Op::duplicate) reuse_values(mine);  // a handle to the other process comes and goes
    const Found source = find(from, c.h[0]);
    const bool close_source = c.flags & DUPLICATE_CLOSE_SOURCE;
    const bool only_close = close_source && c.to < 0;
    need(!source.pseudo && (c.to >= 0 || close_source) && (source.handle == nullptr || !source.handle->protect));
    Faults faults;
    faults.add(source.error);
    if (m.profile_ == Profile::ce5) faults.add_if(c.inherit || c.to < 0, ERROR_INVALID_PARAMETER);  // DupHandle-07, -13
    need(faults.code() != ERROR_INVALID_PARAMETER || !close_source);
    if (faults.code() != 0) return truth(faults.code());
    const Handle was = *source.handle;
    const bool same = (c.flags & DUPLICATE_SAME_ACCESS) || m.profile_ == Profile::ce5;
    const Kind kind = m.objects_[was.object].kind;
    // More rights than the source has: for other kinds that is open.
    need(same || is_one_of(kind, Kind::event, Kind::mutex, Kind::semaphore, Kind::timer) || !(c.access & ~was.access));
    if (!only_close)
        put_handle(to, c.to, was.object, same ? was.access : rights(kind, c.access), c.inherit);
    if (close_source) {
        close(*source.handle);
        reuse_values(from);  // the duplicate may have its value (DupHandle-09)
    }
    truth(0);
}

void Turn::use_handle() {
    const Found one = find(c.h[0]);
    Faults faults;
    faults.add(one.error);
    if (c.op == Op::get_information) {
        if (faults.code() != 0) return truth(faults.code());
        out.answer.extra = one.pseudo ? 0 : (one.handle->inherit ? HANDLE_FLAG_INHERIT : 0u) |
                                            (one.handle->protect ? HANDLE_FLAG_PROTECT_FROM_CLOSE : 0u);
        return truth(0);
    }
    const Found two = find(c.h[1]);
    need(!one.pseudo && !two.pseudo);
    faults.add(two.error);
    if (faults.code() != 0) return truth(faults.code());
    truth(one.object == two.object ? 0 : ERROR_NOT_SAME_OBJECT);
}

void Turn::set_information() {
    const Found found = find(c.h[0]);
    if (found.error != 0) return truth(found.error);
    if (found.pseudo) return truth(ERROR_ACCESS_DENIED);                                  // HandleInfo-09
    need(m.profile_ != Profile::ce5 || (c.access & 3) == 0);
    if (c.access & HANDLE_FLAG_INHERIT) found.handle->inherit = c.flags & HANDLE_FLAG_INHERIT;
    if (c.access & HANDLE_FLAG_PROTECT_FROM_CLOSE) found.handle->protect = c.flags & HANDLE_FLAG_PROTECT_FROM_CLOSE;
    truth(0);
}

void Turn::wait_one() {
    const Found found = find(c.h[0]);
    const bool denied = found.object != nullptr && !(found.handle->access & SYNCHRONIZE);
    if (found.error != 0) return fails(WAIT_FAILED, found.error);                         // WaitSingle-25, -36
    if (denied) return fails(WAIT_FAILED, ERROR_ACCESS_DENIED);                           // WaitSingle-26
    need(!found.pseudo || c.timeout <= kShortMs);                                         // WaitSingle-23
    const bool alertable = (c.form & kEx) && c.second;
    Wait wait{{}, false, alertable, 0};
    if (found.object != nullptr) wait.objects.push_back(number_of(*found.object));
    wait_for(std::move(wait), WAIT_TIMEOUT);
}

void Turn::wait_many() {
    Faults faults;
    faults.add_if(c.count == 0 || c.count > MAXIMUM_WAIT_OBJECTS, ERROR_INVALID_PARAMETER);
    faults.add_if(c.first && m.profile_ == Profile::ce5, ERROR_INVALID_PARAMETER);        // WaitMultiple-13
    Wait wait{{}, c.first, (c.form & kEx) && c.second, 0};
    bool twice = false;
    for (int i = 0; i < std::min<int>(c.count, MAXIMUM_WAIT_OBJECTS); ++i) {
        const Found found = find(c.h[i % 6]);
        need(!found.pseudo);
        faults.add(found.error);
        if (found.object == nullptr) continue;
        faults.add_if(!(found.handle->access & SYNCHRONIZE), ERROR_ACCESS_DENIED);        // WaitMultiple-19
        twice = twice || std::ranges::count(wait.objects, number_of(*found.object)) != 0;
        wait.objects.push_back(number_of(*found.object));
    }
    faults.add_if(c.first && twice, ERROR_INVALID_PARAMETER);                             // WaitMultiple-22, -23
    if (faults.code() != 0) return fails(WAIT_FAILED, faults.code());
    wait_for(std::move(wait), WAIT_TIMEOUT);
}

void Turn::signal_and_wait() {
    const Found first = find(c.h[0]), second = find(c.h[1]);
    Faults faults;
    faults.add(first.error);
    const bool can_be = first.object != nullptr &&
                        is_one_of(first.object->kind, Kind::event, Kind::mutex, Kind::semaphore);
    faults.add_if(!can_be, ERROR_INVALID_HANDLE);                                         // SignalWait-07
    if (can_be && first.object->kind != Kind::mutex)
        faults.add_if(!(first.handle->access & kModify), ERROR_ACCESS_DENIED);            // SignalWait-10
    faults.add(second.error);
    if (second.object != nullptr) faults.add_if(!(second.handle->access & SYNCHRONIZE), ERROR_ACCESS_DENIED);
    need(!second.pseudo);
    if (can_be && first.object->kind == Kind::mutex) faults.add_if(first.object->owner != me, ERROR_NOT_OWNER);
    if (can_be && first.object->kind == Kind::semaphore)
        faults.add_if(first.object->count == first.object->most, ERROR_TOO_MANY_POSTS);   // SignalWait-06
    if (faults.code() != 0) return fails(WAIT_FAILED, faults.code());
    // Somebody waits for both at once: who is first, he or the caller, is open (SignalWait-13).
    const int a = number_of(*first.object), b = number_of(*second.object);
    for (const Thread &t : m.threads_)
        need(!t.lives || !t.waits || !t.wait.all || a == b || std::ranges::count(t.wait.objects, a) == 0 ||
             std::ranges::count(t.wait.objects, b) == 0);
    if (first.object->kind == Kind::mutex) release(*first.object);
    else if (first.object->kind == Kind::semaphore) release_units(*first.object, 1);
    else set(*first.object);
    wait_for({{b}, false, c.second, 0}, WAIT_TIMEOUT);
}

// To a thread of the same process (Apc-06).
void Turn::queue_apc() {
    Thread &thread = m.threads_[c.other];
    need(thread.lives && process_of(c.other) == process_of(me) && thread.apcs.size() < 4);
    const unsigned serial = c.h[0] < 0 ? 0 : mine.handle[c.h[0]].serial;
    need(static_cast<Apc>(c.count) != Apc::set_event || (c.h[0] >= 0 && mine.handle[c.h[0]].state == Handle::open));
    thread.apcs.push_back({static_cast<Apc>(c.count), static_cast<std::uint8_t>(c.amount), c.h[0], serial});
    if (thread.waits && thread.wait.alertable) {                                          // WaitSingle-32
        thread.waits = false;                                                             // the object is not consumed
        std::vector<std::uint8_t> notes = run_apcs(c.other);
        wake(c.other, WAIT_IO_COMPLETION, std::move(notes));
    }
    truth(0);
}

}  // namespace sequence
