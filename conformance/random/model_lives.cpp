// model_lives.cpp - the specification of what begins and ends: threads, processes, and the mutexes of the dead.
#include "conformance/random/turn.h"

namespace sequence {

// Of a living process, or one of its threads, whether it is ours or not (Process-09, Thread-22).
void Turn::open_living() {
    const bool process = c.op == Op::open_process;
    const Kind kind = process ? Kind::process : Kind::thread;
    need(process ? m.processes_[c.other].lives : m.threads_[c.other].lives);
    need(m.profile_ != Profile::ce5 || (!c.inherit && c.access == all_access(kind)));
    const unsigned whose = process ? m.processes_[c.other].born : m.threads_[c.other].born;
    const auto same = [&](const Object &o) { return o.exists && o.kind == kind && o.whose == whose; };
    const auto found = std::ranges::find_if(m.objects_, same);
    const int object = found != m.objects_.end()
                           ? number_of(*found)
                           : new_object({.kind = kind, .exists = true, .manual = true, .whose = whose});
    put_handle(mine, c.to, object, rights(kind, c.access), c.inherit);
    returns(1);
}

void Turn::start_thread() {
    Thread &thread = m.threads_[c.other];
    need(!thread.lives && process_of(c.other) == process_of(me) && c.other % kThreads != 0);
    thread = Thread{.lives = true, .born = ++m.serial_};                                  // Gen-02
    reuse_values(mine);
    truth(0);
}

void Turn::start_child() {
    Process &child = m.processes_[c.other];
    need(!child.lives && (c.op == Op::fork || !c.inherit || m.profile_ != Profile::ce5));
    child = Process{.lives = true, .born = ++m.serial_};
    const bool inherits = c.op == Op::fork || c.inherit;                                  // else Process-14
    for (int i = 0; i < kSlots && inherits; ++i) {                                        // Process-13, Life-27
        const Handle &h = mine.handle[i];
        if (h.state == Handle::open && (c.op == Op::fork || h.inherit)) child.handle[i] = h;
    }
    for (int i = 0; i < kThreads; ++i)
        m.threads_[c.other * kThreads + i] = Thread{.lives = i == 0, .born = ++m.serial_};
    if (c.op == Op::fork) m.threads_[c.other * kThreads].error = self.error;              // it is a copy of this thread
    reuse_values(mine);
    truth(0);
}

// Mutexes of threads that are gone (Life-07, Life-08).
std::vector<int> Turn::abandoned_by(const std::vector<int> &dying) {
    std::vector<int> abandoned;
    for (Object &o : m.objects_)
        if (o.exists && o.kind == Kind::mutex && std::ranges::count(dying, o.owner) != 0) {
            o.owner = kNobody;
            o.abandoned = true;
            abandoned.push_back(number_of(o));
        }
    return abandoned;
}

// The object of a thread or process, if anybody has a handle to it (WaitSingle-22).
void Turn::ended(Kind kind, unsigned whose, std::vector<int> &signaled) {
    for (Object &o : m.objects_)
        if (o.exists && o.kind == kind && o.whose == whose) {
            o.count = 1;
            signaled.push_back(number_of(o));
        }
}

// Several objects become signaled by one death, in an order that is open: so nobody may wait for two of them.
void Turn::signal_together(const std::vector<int> &objects) {
    for (const Thread &t : m.threads_) {
        const auto concerns = [&](int object) { return std::ranges::count(t.wait.objects, object) != 0; };
        need(!t.lives || !t.waits || std::ranges::count_if(objects, concerns) <= 1);
    }
    for (int object : objects) serve(object);
}

void Turn::end_thread(int actor) {
    const int first = actor - actor % kThreads;
    const auto others = std::ranges::count_if(m.threads_.begin() + first, m.threads_.begin() + first + kThreads,
                                              &Thread::lives) - 1;
    if (others == 0) return end_process(process_of(actor));                               // Thread-26
    const unsigned born = m.threads_[actor].born;
    m.threads_[actor] = Thread{};                                                         // Apc-11
    std::vector<int> signaled = abandoned_by({actor});
    ended(Kind::thread, born, signaled);
    signal_together(signaled);
}

void Turn::end_process(int process) {
    std::vector<int> dying, signaled;
    std::vector<unsigned> threads;
    for (int i = process * kThreads; i < (process + 1) * kThreads; ++i) {
        if (m.threads_[i].lives) threads.push_back(m.threads_[i].born);
        dying.push_back(i);
    }
    const unsigned born = m.processes_[process].born;
    // Threads die one after the other: a dying one that waits for all may still get the mutex of one that died before
    // it, and with that take an event along. Whether it does is open.
    for (int dead : dying)
        for (int object : m.threads_[dead].wait.objects)
            need(!m.threads_[dead].waits || !m.threads_[dead].wait.all || m.objects_[object].kind != Kind::mutex ||
                 std::ranges::count(dying, m.objects_[object].owner) == 0);
    for (int dead : dying) m.threads_[dead] = Thread{};                                   // Life-15
    for (Handle &h : m.processes_[process].handle)
        if (h.state == Handle::open) close(h);                                            // Life-04, Life-05
    m.processes_[process] = Process{};
    signaled = abandoned_by(dying);
    ended(Kind::process, born, signaled);                                                 // Process-03
    for (unsigned thread : threads) ended(Kind::thread, thread, signaled);
    signal_together(signaled);
}

// Another thread of the caller's process (LD-25), or another process.
void Turn::terminate() {
    truth(0);
    if (c.op == Op::terminate_thread) {
        need(m.threads_[c.other].lives && c.other != me && process_of(c.other) == process_of(me));
        end_thread(c.other);                                                              // Thread-10, -11
        out.other_thread = c.other;
    } else {
        need(m.processes_[c.other].lives && c.other != process_of(me));
        reuse_values(mine);
        end_process(c.other);                                                             // Process-06
        out.other_process = c.other;
    }
}

Outcome Turn::by_director() {
    Process &process = m.processes_[process_of(me)];
    need(me % kThreads == 0 && process.lives == (c.op == Op::kill_process));
    if (c.op == Op::kill_process) {
        end_process(process_of(me));
        out.how = Outcome::process_ends;
    } else {
        process = Process{.lives = true, .born = ++m.serial_};
        for (int i = 0; i < kThreads; ++i) m.threads_[me + i] = Thread{.lives = i == 0, .born = ++m.serial_};
    }
    return std::move(out);
}

}  // namespace sequence
