// turn.h - one call being played: what the calls of model.cpp are made of. Private to the model.
//
// Purpose     Handles and their rights, signals and waits, names: each once.
// Invariants  Unspecified may be thrown at any point; Model::play then puts back what was before the call.
#pragma once
#include <windows.h>

#include <algorithm>

#include "conformance/random/model.h"
#include "conformance/random/name_rules.h"
#include "conformance/random/names.h"

namespace sequence {

struct Unspecified {};

inline void need(bool specified) {
    if (!specified) throw Unspecified{};
}

// Collects what is wrong with a call. Two different errors at once: which one is told is open.
class Faults {
public:
    void add(std::uint32_t error) {
        need(error == 0 || code_ == 0 || error == code_);
        code_ |= error;
    }
    void add_if(bool wrong, std::uint32_t error) { add(wrong ? error : 0); }
    std::uint32_t code() const { return code_; }

private:
    std::uint32_t code_ = 0;
};

constexpr int kNobody = -1, kNothing = -1;
inline bool is_one_of(Kind kind, auto... kinds) { return ((kind == kinds) || ...); }

constexpr std::uint32_t kModify = 2;  // EVENT_, SEMAPHORE_, TIMER_MODIFY_STATE


// One call being played.
class Turn {
public:
    Turn(Model &model, const Call &call)
        : m(model), c(call), me(call.actor), mine(model.processes_[process_of(call.actor)]), self(model.threads_[me]) {}

    Outcome run() {
        if (c.op == Op::start_process || c.op == Op::kill_process) return by_director();
        need(m.is_idle(me));
        out.answer.extra = STAGE_POISON;
        act();
        out.answer.error = self.error;
        return std::move(out);
    }

private:
    Model &m;
    const Call &c;
    const int me;
    Process &mine;
    Thread &self;
    Outcome out{Outcome::returns, {}, {}};

    // ---- ends of a call ---------------------------------------------------------------------------------------------
    void returns(std::uint64_t value) { out.answer.value = value; }                      // Gen-04: last error as it was
    void fails(std::uint64_t value, std::uint32_t error) {
        returns(value);
        self.error = error;                                                               // Gen-03
    }
    void truth(std::uint32_t error) { error == 0 ? returns(1) : fails(0, error); }        // Gen-08

    // ---- handles ----------------------------------------------------------------------------------------------------
    struct Found {
        std::uint32_t error = ERROR_INVALID_HANDLE;                                       // Gen-26
        Handle *handle = nullptr;
        Object *object = nullptr;
        bool pseudo = false;
    };

    Found find(Process &process, int reference) {
        if (reference == kThisProcess || reference == kThisThread) return {0, nullptr, nullptr, true};
        if (reference < 0) return {};
        Handle &h = process.handle[reference];
        need(h.state != Handle::none);
        if (h.state == Handle::closed) return {};
        return {0, &h, &m.objects_[h.object], false};
    }
    Found find(int reference) { return find(mine, reference); }

    // A handle to an object of this kind, with these rights. (6 for another type: Gen-27; 5 without the right: Gen-28)
    Object *find(int reference, Kind kind, std::uint32_t rights, Faults &faults) {
        const Found found = find(reference);
        const bool right_type = found.object != nullptr && found.object->kind == kind;
        faults.add_if(!right_type, ERROR_INVALID_HANDLE);
        if (right_type) faults.add_if((found.handle->access & rights) != rights, ERROR_ACCESS_DENIED);
        return right_type ? found.object : nullptr;
    }

    int number_of(const Object &object) const { return static_cast<int>(&object - m.objects_.data()); }

    int handles_to(int object) const {
        int count = 0;
        for (const Process &p : m.processes_)
            for (const Handle &h : p.handle) count += p.lives && h.state == Handle::open && h.object == object;
        return count;
    }
    bool is_waited_for(int object) const {
        return std::ranges::any_of(m.threads_, [&](const Thread &t) {
            return t.lives && t.waits && std::ranges::count(t.wait.objects, object) != 0;
        });
    }

    // What a handle gets for the rights that were asked for. What the generic ones mean to other kinds is open here.
    static std::uint32_t rights(Kind kind, std::uint32_t desired) {
        need(!is_one_of(kind, Kind::mapping, Kind::process, Kind::thread) ||
             !(desired & (GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE | GENERIC_ALL | MAXIMUM_ALLOWED)));
        return granted(kind, desired);
    }

    // From here on a closed value of this process may be in use again (CloseHandle-15).
    static void reuse_values(Process &process) {
        for (Handle &h : process.handle)
            if (h.state == Handle::closed) h.state = Handle::none;
    }
    void put_handle(Process &process, int slot, int object, std::uint32_t access, bool inherit) {
        need(slot >= 0 && process.handle[slot].state != Handle::open);
        reuse_values(process);
        process.handle[slot] = {Handle::open, inherit, false, access, object, ++m.serial_};
    }

    // Life-02; the name of an object that is only waited for is open (section 12, 10).
    void close(Handle &h) {
        h.state = Handle::closed;
        if (handles_to(h.object) != 0) return;
        need(!is_waited_for(h.object));
        m.objects_[h.object].exists = false;
    }

    // ---- signals, waits ---------------------------------------------------------------------------------------------
    bool is_signaled(int object, int actor) const {                                       // section 3
        const Object &o = m.objects_[object];
        if (o.kind == Kind::mutex) return o.owner == kNobody || o.owner == actor;
        return o.count > 0;
    }

    // What a satisfied wait does. True: it was an abandoned mutex.
    bool take(int object, int actor) {
        Object &o = m.objects_[object];
        if (o.kind == Kind::semaphore) --o.count;
        else if (o.kind != Kind::mutex && !o.manual) o.count = 0;
        if (o.kind != Kind::mutex) return false;
        const bool abandoned = o.abandoned;
        o.abandoned = false;                                                              // WaitSingle-14
        o.recursion = o.owner == actor ? o.recursion + 1 : 1;                             // WaitSingle-17
        o.owner = actor;
        return abandoned;
    }

    // Satisfies a wait if that is possible now. Lowest index first (WaitMultiple-02); all or nothing (07, 08).
    bool satisfy(const Wait &wait, int actor, std::uint64_t &result) {
        if (wait.objects.empty()) return false;
        const auto ready = [&](int object) { return is_signaled(object, actor); };
        if (wait.all) {
            if (!std::ranges::all_of(wait.objects, ready)) return false;
            bool abandoned = false;
            for (int object : wait.objects) abandoned = take(object, actor) || abandoned;
            result = abandoned ? WAIT_ABANDONED_0 : WAIT_OBJECT_0;                        // WaitMultiple-10
            return true;
        }
        const auto first = std::ranges::find_if(wait.objects, ready);
        if (first == wait.objects.end()) return false;
        const auto index = static_cast<std::uint64_t>(first - wait.objects.begin());
        result = (take(*first, actor) ? WAIT_ABANDONED_0 : WAIT_OBJECT_0) + index;
        return true;
    }

    void wake(int actor, std::uint64_t result, std::vector<std::uint8_t> notes = {}) {
        Thread &thread = m.threads_[actor];
        thread.waits = false;
        out.woken.push_back({actor, {result, thread.error, STAGE_POISON, std::move(notes)}});
    }

    // The object has been signaled: those that wait for it get it, first come, first served (LD-28).
    void serve(int object) {
        std::vector<int> queue;
        for (int i = 0; i < kActors; ++i)
            if (m.threads_[i].lives && m.threads_[i].waits && std::ranges::count(m.threads_[i].wait.objects, object))
                queue.push_back(i);
        std::ranges::sort(queue, {}, [&](int i) { return m.threads_[i].wait.since; });
        for (int i : queue) {
            std::uint64_t result = 0;
            if (satisfy(m.threads_[i].wait, i, result)) wake(i, result);
        }
    }

    void set(Object &o) {
        o.count = 1;
        serve(number_of(o));
    }
    // Exactly those that wait now (PulseEvent-01..05).
    void pulse(Object &o) {
        set(o);
        o.count = 0;
    }
    std::uint32_t release(Object &mutex) {
        if (mutex.owner != me) return ERROR_NOT_OWNER;
        if (--mutex.recursion > 0) return 0;
        mutex.owner = kNobody;
        serve(number_of(mutex));
        return 0;
    }
    std::uint32_t release_units(Object &semaphore, std::int64_t units) {
        if (units > semaphore.most - semaphore.count) return ERROR_TOO_MANY_POSTS;        // ReleaseSemaphore-02
        semaphore.count += units;
        serve(number_of(semaphore));
        return 0;
    }

    // All queued APCs, and those that they queue (Apc-07, Apc-10).
    std::vector<std::uint8_t> run_apcs(int actor) {
        Thread &thread = m.threads_[actor];
        std::vector<std::uint8_t> notes;
        while (!thread.apcs.empty()) {
            const QueuedApc apc = thread.apcs.front();
            thread.apcs.erase(thread.apcs.begin());
            notes.push_back(apc.number);
            if (apc.what == Apc::set_last_error) thread.error = 1000u + apc.number;      // Apc-15
            if (apc.what == Apc::queue_another)
                thread.apcs.push_back({Apc::note, std::uint8_t(apc.number + 100), 0, 0});
            if (apc.what == Apc::set_event) set_from_apc(actor, apc);
        }
        need(notes.size() <= STAGE_NOTES);
        return notes;
    }
    void set_from_apc(int actor, const QueuedApc &apc) {
        const Handle &h = m.processes_[process_of(actor)].handle[apc.slot];
        need(h.state != Handle::none && h.serial == apc.serial);
        std::uint32_t &error = m.threads_[actor].error;
        if (h.state == Handle::closed || m.objects_[h.object].kind != Kind::event) error = ERROR_INVALID_HANDLE;
        else if (!(h.access & kModify)) error = ERROR_ACCESS_DENIED;
        else set(m.objects_[h.object]);
    }

    // WaitSingle-01, -02, -30..36; SleepEx is a wait for nothing (`timed_out` is what it returns then).
    void wait_for(Wait wait, std::uint64_t timed_out) {
        std::uint64_t result = 0;
        if (satisfy(wait, me, result)) return returns(result);
        if (wait.alertable && !self.apcs.empty()) {
            out.answer.notes = run_apcs(me);
            return returns(WAIT_IO_COMPLETION);
        }
        if (c.timeout <= kShortMs) return returns(timed_out);
        need(wait.alertable || !wait.objects.empty());
        self.waits = true;
        self.wait = std::move(wait);
        self.wait.since = ++m.waits_;
        out.how = Outcome::blocks;
    }

    // ---- names ------------------------------------------------------------------------------------------------------
    // The object that a name means to one who wants this kind, or kNothing.
    int look_up(Kind kind, int name) const {
        int other = kNothing;
        for (const Object &o : m.objects_) {
            if (!o.exists || o.name != name || name == kNoName) continue;
            if (o.kind == kind) return number_of(o);
            if (share_names(m.profile_, kind, o.kind)) other = number_of(o);              // LD-19
        }
        return other;
    }

    int new_object(const Object &wanted) {
        const auto unused = std::ranges::find(m.objects_, false, &Object::exists);
        const auto number = unused - m.objects_.begin();
        if (unused == m.objects_.end()) m.objects_.push_back(wanted);
        else *unused = wanted;
        return static_cast<int>(number);
    }

    void create(Object wanted, std::uint32_t wrong) {
        const Kind kind = wanted.kind;
        const RuledName name = rule(m.profile_, c.name);
        Faults faults;
        faults.add(wrong);
        faults.add(name.create_error);
        const int found = name.unnamed || name.create_error != 0 ? kNothing : look_up(kind, name.canonical);
        const bool other = found != kNothing && m.objects_[found].kind != kind;
        if (other && m.profile_ == Profile::nt) faults.add(ERROR_INVALID_HANDLE);         // CreateEvent-08
        if (faults.code() != 0) return fails(0, faults.code());
        const bool full = !(c.form & kEx) || m.profile_ == Profile::ce5;                  // CreateEvent-20
        need(!other || full || c.access == all_access(kind));                             // LD-12 says nothing of Ex
        const Kind its = other ? m.objects_[found].kind : kind;
        wanted.exists = true;
        wanted.name = name.unnamed ? kNoName : name.canonical;
        const int object = found != kNothing ? found : new_object(wanted);
        put_handle(mine, c.to, object, full || other ? all_access(its) : rights(kind, c.access),
                   c.attributes && c.inherit && m.profile_ != Profile::ce5);              // CreateEvent-17, -19
        self.error = found != kNothing ? ERROR_ALREADY_EXISTS : 0;                        // Gen-05, Gen-06
        returns(1);
    }

    void open(Kind kind) {
        const RuledName name = rule(m.profile_, c.name);
        Faults faults;
        faults.add(name.open_error);
        if (m.profile_ == Profile::ce5) {                                                 // LD-7
            faults.add_if(c.inherit, ERROR_INVALID_PARAMETER);
            faults.add_if(kind == Kind::event && c.access != EVENT_ALL_ACCESS, ERROR_INVALID_PARAMETER);
        }
        if (faults.code() != 0) return fails(0, faults.code());
        const int found = look_up(kind, name.canonical);
        if (found == kNothing) return fails(0, ERROR_FILE_NOT_FOUND);
        if (m.objects_[found].kind != kind) return fails(0, ERROR_INVALID_HANDLE);        // OpenEvent-03
        put_handle(mine, c.to, found, m.profile_ == Profile::ce5 ? all_access(kind) : rights(kind, c.access),
                   c.inherit);
        returns(1);
    }

    // ---- the calls (model.cpp, model_lives.cpp) -------------------------------------------------------------------
    void act();
    void create();
    void change_state();
    void change_event(Object &o);
    void set_timer();
    void use_handle();
    void close_handle();
    void duplicate(Process &from, Process &to);
    void set_information();
    void wait_one();
    void wait_many();
    void signal_and_wait();
    void queue_apc();
    void open_living();
    void start_thread();
    void start_child();
    std::vector<int> abandoned_by(const std::vector<int> &dying);
    void ended(Kind kind, unsigned whose, std::vector<int> &signaled);
    void signal_together(const std::vector<int> &objects);
    void end_thread(int actor);
    void terminate();
    void end_process(int process);
    Outcome by_director();
};

}  // namespace sequence
