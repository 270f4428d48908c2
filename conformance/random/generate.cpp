// generate.cpp - see generate.h.
//
// Few objects, few names, many handles: so that calls meet. Where the model knows what would be of interest (a mutex
// that the actor owns, an object that somebody waits for) it is preferred, never required.
#include "conformance/random/generate.h"

#include <windows.h>

#include <algorithm>
#include <vector>

#include "conformance/random/names.h"

namespace sequence {

std::uint32_t Random::below(std::uint32_t end) {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return static_cast<std::uint32_t>((z ^ z >> 31) >> 32) % end;
}

namespace {

struct Weight {
    Op op;
    unsigned weight;
};
constexpr Weight kWeights[] = {
    {Op::create_event, 30}, {Op::create_mutex, 30}, {Op::create_semaphore, 18}, {Op::create_timer, 8},
    {Op::create_mapping, 4}, {Op::open_mapping, 3}, {Op::open_process, 3}, {Op::open_thread, 3},
    {Op::terminate_thread, 2}, {Op::terminate_process, 1},
    {Op::open_event, 12}, {Op::open_mutex, 14}, {Op::open_semaphore, 8}, {Op::open_timer, 4},
    {Op::set_event, 70}, {Op::reset_event, 16}, {Op::pulse_event, 40}, {Op::release_mutex, 130},
    {Op::release_semaphore, 55}, {Op::set_timer, 20}, {Op::cancel_timer, 6},
    {Op::close, 50}, {Op::duplicate, 30}, {Op::give, 14}, {Op::take, 12},
    {Op::get_information, 10}, {Op::set_information, 12}, {Op::compare, 8},
    {Op::wait_one, 190}, {Op::wait_many, 150}, {Op::signal_and_wait, 70}, {Op::queue_apc, 40}, {Op::sleep, 14},
    {Op::set_error, 14}, {Op::start_thread, 26}, {Op::end_thread, 7}, {Op::fork, 2}, {Op::create_process, 2},
    {Op::exit_process, 1}, {Op::start_process, 6}, {Op::kill_process, 2},
};

Op any_op(Random &random) {
    unsigned total = 0;
    for (const Weight &w : kWeights) total += w.weight;
    unsigned at = random.below(total);
    for (const Weight &w : kWeights) {
        if (at < w.weight) return w.op;
        at -= w.weight;
    }
    return Op::set_error;
}

class Generator {
public:
    Generator(const Model &model, Random &random, int actor)
        : m(model), r(random), me(actor), mine(model.process(process_of(actor))) {
        c.actor = static_cast<std::int8_t>(actor);
        std::ranges::fill(c.h, kNull);
    }

    // Nothing, mostly, if there is no handle to do it with.
    std::optional<Call> call(Op op) {
        c.op = op;
        c.form = static_cast<std::uint8_t>((r.one_in(3) ? kWide : 0) | (r.one_in(4) ? kEx : 0));
        c.first = r.one_in(2);
        c.second = r.one_in(2);
        fill();
        if (lacking_ && !r.one_in(30)) return std::nullopt;
        return c;
    }

private:
    const Model &m;
    Random &r;
    const int me;
    const Process &mine;
    Call c{};
    bool lacking_ = false;

    template <typename T, std::size_t N>
    T one_of(const T (&values)[N]) {
        return values[r.below(N)];
    }

    bool is_interesting(const Handle &h) const {
        if (m.object(h.object).owner == me) return true;
        for (int i = 0; i < kActors; ++i)
            if (m.thread(i).waits && std::ranges::count(m.thread(i).wait.objects, h.object) != 0) return true;
        return false;
    }

    template <typename Wanted>
    int slot_with(const Process &process, Wanted wanted) {
        std::vector<int> slots;
        for (int i = 0; i < kSlots; ++i)
            if (wanted(process.handle[i])) slots.push_back(i);
        return slots.empty() ? kNull : slots[r.below(static_cast<std::uint32_t>(slots.size()))];
    }

    std::int8_t reference(const Process &process, int kind = -1) {
        const auto suits = [&](const Handle &h) {
            return h.state == Handle::open && (kind < 0 || static_cast<int>(m.object(h.object).kind) == kind);
        };
        int slot = kNull;
        if (r.one_in(40)) slot = slot_with(process, [](const Handle &h) { return h.state == Handle::closed; });
        else if (r.one_in(60)) slot = static_cast<int>(one_of({kNull, kGarbage, kThisProcess, kThisThread}));
        else if (r.one_in(30)) slot = slot_with(process, [](const Handle &h) { return h.state == Handle::open; });
        if (slot == kNull && r.one_in(2))
            slot = slot_with(process, [&](const Handle &h) { return suits(h) && is_interesting(h); });
        if (slot == kNull) slot = slot_with(process, suits);
        lacking_ = lacking_ || slot == kNull;
        return static_cast<std::int8_t>(slot);
    }
    // For a wait: mostly something that will make it block.
    std::int8_t awaited() {
        const auto blocks = [&](const Handle &h) {
            if (h.state != Handle::open || !(h.access & SYNCHRONIZE)) return false;
            const Object &o = m.object(h.object);
            return o.kind == Kind::mutex ? o.owner >= 0 && o.owner != me : o.count == 0;
        };
        const int slot = r.one_in(2) ? kNull : slot_with(mine, blocks);
        return slot == kNull ? reference(mine) : static_cast<std::int8_t>(slot);
    }
    std::int8_t reference(Kind kind) { return reference(mine, static_cast<int>(kind)); }

    int open_handles() const {
        return static_cast<int>(
            std::ranges::count_if(mine.handle, [](const Handle &h) { return h.state == Handle::open; }));
    }

    std::int8_t free_slot(const Process &process) {
        for (int i = 0; i < kSlots; ++i)
            if (process.handle[i].state == Handle::none) return static_cast<std::int8_t>(i);
        return static_cast<std::int8_t>(slot_with(process, [](const Handle &h) { return h.state == Handle::closed; }));
    }

    std::int8_t name(bool create) {
        if (create && r.one_in(3)) return kNoName;
        if (r.one_in(9)) return static_cast<std::int8_t>(static_cast<int>(r.below(kNameCount + 1)) - 1);
        return static_cast<std::int8_t>(r.below(kUsualNames));
    }

    std::uint32_t access(Kind kind) {
        if (!r.one_in(5)) return all_access(kind);
        return one_of({std::uint32_t{SYNCHRONIZE}, 2u, 1u, 0u, SYNCHRONIZE | 2u, std::uint32_t{GENERIC_READ},
                       std::uint32_t{GENERIC_WRITE}, std::uint32_t{GENERIC_EXECUTE}, std::uint32_t{GENERIC_ALL},
                       std::uint32_t{MAXIMUM_ALLOWED}, std::uint32_t{READ_CONTROL}});
    }

    std::uint32_t timeout() {
        if (r.one_in(12)) return kShortMs;
        return r.one_in(3) ? 0 : r.one_in(3) ? kLongMs : kForever;
    }

    std::int8_t other_process(bool living) {
        for (int tries = 0; tries < 8; ++tries)
            if (const auto p = r.below(kProcesses); m.process(static_cast<int>(p)).lives == living)
                return static_cast<std::int8_t>(p);
        return static_cast<std::int8_t>(process_of(me));
    }

    void fill_create(Kind kind) {
        c.to = free_slot(mine);
        c.name = name(true);
        c.attributes = r.one_in(4);
        c.inherit = r.one_in(2);
        c.access = access(kind);
        c.flags = r.one_in(20) ? one_of({4u, 0x80000000u}) : 0;
        c.limit = one_of({1, 2, 3, 3, 0x7FFFFFFF});
        c.amount = static_cast<std::int32_t>(r.below(static_cast<std::uint32_t>(std::min(c.limit, 3)) + 1));
        if (r.one_in(30)) c.amount = one_of({-1, 4, 100});
        if (r.one_in(40)) c.limit = one_of({0, -1});
        if (kind == Kind::mutex) c.first = r.one_in(2);
        if (kind == Kind::semaphore && c.form & kEx && !r.one_in(20)) c.flags = 0;
    }

    void fill_open(Kind kind) {
        c.to = free_slot(mine);
        c.name = name(false);
        c.inherit = r.one_in(m.profile() == Profile::ce5 ? 20 : 4);
        c.access = access(kind);
        if (m.profile() == Profile::ce5 && !r.one_in(10)) c.access = all_access(kind);
    }

    void fill_wait() {
        c.timeout = timeout();
        c.h[0] = awaited();
        if (c.op == Op::signal_and_wait) {
            c.h[0] = reference(static_cast<Kind>(r.below(3)));
            c.h[1] = r.one_in(8) ? c.h[0] : awaited();
            c.second = r.one_in(3);
        }
        if (c.op != Op::wait_many) return;
        c.count = static_cast<std::uint8_t>(r.one_in(4) ? 1 + r.below(6) : 2 + r.below(2));
        if (r.one_in(50)) c.count = static_cast<std::uint8_t>(one_of({0, 7, 64, 65}));
        for (std::int8_t &h : c.h) h = awaited();
        for (int i = 1; i < c.count && i < 6 && c.first; ++i)  // of a wait for all, as different as may be
            for (int tries = 0; tries < 3 && std::count(c.h, c.h + i, c.h[i]) != 0; ++tries) c.h[i] = awaited();
        if (m.profile() == Profile::ce5) c.first = r.one_in(20);
    }

    void fill_duplicate() {
        const Process &theirs = m.process(c.other = c.op == Op::duplicate ? static_cast<std::int8_t>(process_of(me))
                                                                          : other_process(true));
        c.h[0] = reference(c.op == Op::take ? theirs : mine);
        c.to = free_slot(c.op == Op::give ? theirs : mine);
        c.access = access(static_cast<Kind>(r.below(4)));
        c.inherit = r.one_in(m.profile() == Profile::ce5 ? 20 : 4);
        c.flags = (r.one_in(2) ? DUPLICATE_SAME_ACCESS : 0u) | (r.one_in(4) ? DUPLICATE_CLOSE_SOURCE : 0u);
        if (r.one_in(15)) c.to = -1;
        if (c.to < 0) c.flags |= DUPLICATE_CLOSE_SOURCE;
    }

    void fill() {
        switch (c.op) {
            case Op::create_event: return fill_create(Kind::event);
            case Op::create_mutex: return fill_create(Kind::mutex);
            case Op::create_semaphore: return fill_create(Kind::semaphore);
            case Op::create_timer: return fill_create(Kind::timer);
            case Op::open_event: return fill_open(Kind::event);
            case Op::open_mutex: return fill_open(Kind::mutex);
            case Op::open_semaphore: return fill_open(Kind::semaphore);
            case Op::open_timer: return fill_open(Kind::timer);
            case Op::create_mapping:
                fill_create(Kind::mapping);
                c.form &= kWide;
                return;
            case Op::open_mapping: return fill_open(Kind::mapping);
            case Op::open_process:
                fill_open(Kind::process);
                c.other = other_process(true);
                return;
            case Op::open_thread:
                fill_open(Kind::thread);
                c.other = static_cast<std::int8_t>(r.below(kActors));
                return;
            case Op::terminate_thread:
                c.other = static_cast<std::int8_t>(process_of(me) * kThreads + static_cast<int>(r.below(kThreads)));
                return;
            case Op::terminate_process: c.other = other_process(true); return;
            case Op::set_event:
            case Op::reset_event:
            case Op::pulse_event: c.h[0] = reference(Kind::event); return;
            case Op::release_mutex: c.h[0] = reference(Kind::mutex); return;
            case Op::release_semaphore:
                c.h[0] = reference(Kind::semaphore);
                c.amount = r.one_in(12) ? one_of({0, -1, 5, 0x7FFFFFFF}) : 1 + static_cast<int>(r.below(2));
                return;
            case Op::set_timer:
                c.h[0] = reference(Kind::timer);
                c.amount = one_of({-1, -1, 0, 1, static_cast<int>(kLongMs)});
                c.limit = r.one_in(20) ? -1 : 0;
                c.second = r.one_in(10);
                return;
            case Op::cancel_timer: c.h[0] = reference(Kind::timer); return;
            case Op::close:
                c.h[0] = reference(mine);
                lacking_ = lacking_ || (open_handles() < 6 && !r.one_in(4));
                return;
            case Op::get_information: c.h[0] = reference(mine); return;
            case Op::duplicate:
            case Op::give:
            case Op::take: return fill_duplicate();
            case Op::set_information:
                c.h[0] = reference(mine);
                c.access = m.profile() == Profile::ce5 ? 0x10 : one_of({1u, 2u, 2u, 3u, 0x10u, 0u});
                c.flags = one_of({0u, 0u, 1u, 2u, 3u});
                return;
            case Op::compare:
                c.h[0] = reference(mine);
                c.h[1] = reference(mine);
                return;
            case Op::wait_one:
            case Op::wait_many:
            case Op::signal_and_wait: return fill_wait();
            case Op::queue_apc:
                c.other = static_cast<std::int8_t>(process_of(me) * kThreads + static_cast<int>(r.below(kThreads)));
                c.count = static_cast<std::uint8_t>(r.below(4));
                c.amount = static_cast<std::int32_t>(r.below(100));
                c.h[0] = reference(Kind::event);
                lacking_ = false;
                return;
            case Op::sleep:
                c.timeout = r.one_in(2) ? 0 : timeout();
                c.second = !r.one_in(4);
                return;
            case Op::set_error: c.access = one_of({0u, 5u, 183u, 1234u, 0xFFFFFFFFu}); return;
            case Op::start_thread:
                c.other =
                    static_cast<std::int8_t>(process_of(me) * kThreads + 1 + static_cast<int>(r.below(kThreads - 1)));
                c.amount = static_cast<std::int32_t>(r.below(2));
                return;
            case Op::end_thread: c.amount = static_cast<std::int32_t>(r.below(3)); return;
            case Op::fork:
            case Op::create_process:
                c.other = other_process(false);
                c.inherit = m.profile() != Profile::ce5 && !r.one_in(4);
                return;
            case Op::exit_process: c.amount = static_cast<std::int32_t>(r.below(5)); return;
            case Op::start_process:
            case Op::kill_process:
                c.actor = static_cast<std::int8_t>(other_process(c.op == Op::kill_process) * kThreads);
                return;
        }
    }
};

int idle_actors(const Model &model) {
    int count = 0;
    for (int i = 0; i < kActors; ++i) count += model.is_idle(i);
    return count;
}

// Two processes with two threads each, then as it comes.
std::optional<Call> beginning(const Model &model, Random &random) {
    for (int p = 0; p < 2; ++p)
        if (!model.process(p).lives && idle_actors(model) < 2)
            return Call{.op = Op::start_process, .actor = static_cast<std::int8_t>(p * kThreads)};
    for (int p = 0; p < kProcesses; ++p)
        if (model.is_idle(p * kThreads) && !model.thread(p * kThreads + 1).lives && idle_actors(model) < 4)
            return Generator(model, random, p * kThreads).call(Op::start_thread);
    return std::nullopt;
}

}  // namespace

Call next_call(const Model &model, Random &random) {
    Call call{};
    for (int tries = 0; tries < 300; ++tries) {
        const int actor = static_cast<int>(random.below(kActors));
        const std::optional<Call> first = tries < 3 ? beginning(model, random) : std::nullopt;
        const std::optional<Call> tried = first ? first
                                          : model.is_idle(actor) ? Generator(model, random, actor).call(any_op(random))
                                                                 : std::nullopt;
        if (!tried) continue;
        call = *tried;
        Model after = model;
        if (after.play(call).how != Outcome::skipped && idle_actors(after) != 0) return call;
    }
    for (int p = 0; p < kProcesses; ++p) {  // nobody can do anything: somebody new, or one less
        call = {.op = model.process(p).lives ? Op::kill_process : Op::start_process,
                .actor = static_cast<std::int8_t>(p * kThreads)};
        Model after = model;
        if (after.play(call).how != Outcome::skipped && idle_actors(after) != 0) return call;
    }
    return call;
}

}  // namespace sequence
