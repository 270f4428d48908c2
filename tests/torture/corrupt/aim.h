// aim.h - chooses what is damaged, and how: a field of a slot in use, or any bits; a hostile value, or a random one.
#pragma once

#include <cstring>

#include "shim/object/state_word.h"
#include "shim/object/timer.h"
#include "tests/torture/corrupt/control.h"
#include "tests/torture/corrupt/fields.h"

namespace corrupt {

namespace state = winshim::state;
namespace timer = winshim::timer;

struct Damage {
    const char* what = "";
    std::uint32_t index = 0;      // slot
    std::uint64_t offset = 0;     // in the segment
    unsigned size = 0;            // 1 to 8 bytes; more: a whole slot was overwritten
    std::uint64_t before = 0, after = 0;
    bool put_back = false;        // soon, because nothing could run on it for long
};

class Aim {
public:
    Aim(unsigned char* base, const Control& control, Random& random)
        : base_(base), control_(control), random_(random) {}

    Damage shoot() {
        const std::uint32_t at = random_.below(100);
        if (at < 10) return header();
        if (at < 38) return object();
        if (at < 52) return thread();
        if (at < 66) return block();
        if (at < 74) return process();
        if (at < 80) return handle_entry();
        if (at < 87) return name();
        if (at < 90) return derived();
        if (at < 93) return whole_slot();
        return any_bits();
    }
    void put_back(const Damage& d) { store(d.offset, d.size, d.before); }

private:
    template <class T>
    T& array(std::uint64_t at, std::uint32_t i) { return reinterpret_cast<T*>(base_ + at)[i]; }
    shm::Header& head() { return *reinterpret_cast<shm::Header*>(base_); }
    // A count in the header, whatever has become of it.
    static std::uint32_t count(const shm::Count& field, std::uint32_t most) {
        const std::uint32_t n = field.load();
        return n == 0 ? 1 : n < most ? n : most;
    }
    std::uint32_t objects() { return count(head().objects, 256); }
    std::uint32_t threads() { return count(head().threads, 128); }
    std::uint32_t processes() { return count(head().processes, 64); }
    std::uint32_t chunks() { return count(head().chunks, 64); }
    std::uint32_t cells() { return count(head().cells, 256); }

    // A slot for which `in_use` holds, if a few tries find one.
    template <class Test>
    std::uint32_t one_of(std::uint32_t n, Test in_use) {
        const std::uint32_t from = random_.below(n);
        if (random_.one_in(10)) return from;
        for (std::uint32_t i = 0; i < n; ++i)
            if (in_use((from + i) % n)) return (from + i) % n;
        return from;
    }
    std::uint32_t live_object() {
        return one_of(objects(), [&](std::uint32_t i) {
            return state::phase(array<shm::Object>(shm::kObjectsAt, i).state.load()) == state::kLive;
        });
    }
    std::uint32_t live_thread() {
        return one_of(threads(), [&](std::uint32_t i) {
            return array<shm::Thread>(shm::kThreadsAt, i).slot.load() == shm::Slot::live;
        });
    }
    std::uint32_t live_process() {
        return one_of(processes(), [&](std::uint32_t i) {
            return array<shm::Process>(shm::kProcessesAt, i).slot.load() == shm::Slot::live;
        });
    }
    std::uint32_t used_cell() {
        return one_of(cells(), [&](std::uint32_t i) {
            return array<shm::NameCell>(shm::kCellsAt, i).use.get() != shm::kCellFree;
        });
    }
    std::uint32_t armed_block() {
        const std::uint32_t n = threads() * shm::kMaxWait;
        const std::uint32_t in_use = one_of(n, [&](std::uint32_t i) {
            const shm::Thread& t = array<shm::Thread>(shm::kThreadsAt, i / shm::kMaxWait);
            return t.block[i % shm::kMaxWait].armed.load() != shm::kDisarmed;
        });
        return in_use;
    }

    template <std::size_t N>
    Damage hit(const FieldAt (&fields)[N], std::uint64_t structure, std::uint32_t index, std::uint32_t first = 0) {
        const FieldAt& f = fields[first + random_.below(static_cast<std::uint32_t>(N) - first)];
        return write(f.name, index, structure + f.offset, f.size, f.role);
    }
    Damage header() {
        const bool identity = random_.one_in(12);
        if (!identity) return hit(kHeaderFields, 0, 0, kIdentityFields);
        const FieldAt& f = kHeaderFields[random_.below(kIdentityFields)];
        Damage d = write(f.name, 0, f.offset, f.size, f.role);
        d.put_back = true;
        return d;
    }
    Damage object() {
        const std::uint32_t i = live_object();
        return hit(kObjectFields, shm::kObjectsAt + i * sizeof(shm::Object), i);
    }
    Damage thread() {
        const std::uint32_t i = live_thread();
        return hit(kThreadFields, shm::kThreadsAt + i * sizeof(shm::Thread), i);
    }
    Damage block() {
        const std::uint32_t i = armed_block();
        return hit(kBlockFields,
                   shm::kThreadsAt + i / shm::kMaxWait * sizeof(shm::Thread) + offsetof(shm::Thread, block) +
                       i % shm::kMaxWait * sizeof(shm::Block), i);
    }
    Damage process() {
        const std::uint32_t i = live_process();
        const std::uint64_t at = shm::kProcessesAt + i * sizeof(shm::Process);
        if (random_.one_in(4))
            return write("Process.chunk", i, at + offsetof(shm::Process, chunk) + 4 * random_.below(3), 4,
                         Role::process);
        return hit(kProcessFields, at, i);
    }
    Damage handle_entry() {
        const std::uint32_t n = chunks() * shm::kHandlesPerChunk;
        const std::uint32_t i = one_of(n, [&](std::uint32_t e) {
            return array<shm::HandleChunk>(shm::kChunksAt, e / shm::kHandlesPerChunk)
                       .entry[e % shm::kHandlesPerChunk]
                       .load() != 0;
        });
        return write("handle entry", i, shm::kChunksAt + i * 8ull, 8, Role::entry);
    }
    Damage name() {
        if (random_.one_in(3)) {
            const std::uint32_t i =
                one_of(1024, [&](std::uint32_t b) { return array<std::uint32_t>(shm::kBucketsAt, b) != 0; });
            return write("bucket", i, shm::kBucketsAt + i * 4ull, 4, Role::cell);
        }
        const std::uint32_t i = used_cell();
        return hit(kCellFields, shm::kCellsAt + i * sizeof(shm::NameCell), i);
    }
    Damage derived() {
        switch (random_.below(3)) {
            case 0: return write("hint", 0, shm::kHintsAt + 8 * random_.below(4), 8, Role::any);
            case 1: return write("Header.hint_summary", 0, offsetof(shm::Header, hint_summary), 8, Role::any);
            default: {
                const std::uint32_t i = random_.below(chunks());
                return write("Header.chunk_owner", i, offsetof(shm::Header, chunk_owner) + i * 4ull, 4, Role::process);
            }
        }
    }
    Damage any_bits() {
        struct Region { const char* what; std::uint64_t from, bytes; };
        const Region regions[] = {
            {"any byte of the header", 0, sizeof(shm::Header)},
            {"any byte of the process slots", shm::kProcessesAt, processes() * sizeof(shm::Process)},
            {"any byte of the thread slots", shm::kThreadsAt, threads() * sizeof(shm::Thread)},
            {"any byte of the objects", shm::kObjectsAt, objects() * sizeof(shm::Object)},
            {"any byte of the handles", shm::kChunksAt, chunks() * sizeof(shm::HandleChunk)},
            {"any byte of the names", shm::kCellsAt, cells() * sizeof(shm::NameCell)}};
        const Region& r = regions[random_.below(6)];
        const std::uint64_t at = r.from + random_.below(static_cast<std::uint32_t>(r.bytes / 8)) * 8;
        Damage d = write(r.what, 0, at, 8, Role::any);
        d.put_back = at < 64;
        return d;
    }
    // A whole slot: zeros, ones, noise, or a copy of another one.
    Damage whole_slot() {
        struct Slots { const char* what; std::uint64_t from, size; std::uint32_t one, other; };
        const Slots slots[] = {
            {"whole object", shm::kObjectsAt, sizeof(shm::Object), live_object(), live_object()},
            {"whole thread slot", shm::kThreadsAt, sizeof(shm::Thread), live_thread(), live_thread()},
            {"whole process slot", shm::kProcessesAt, 256, live_process(), live_process()},
            {"whole name cell", shm::kCellsAt, sizeof(shm::NameCell), used_cell(), used_cell()}};
        const Slots& s = slots[random_.below(4)];
        const std::uint64_t stride = s.size == 256 ? sizeof(shm::Process) : s.size;
        unsigned char* const to = base_ + s.from + s.one * stride;
        const std::uint32_t how = random_.below(4);
        for (std::uint64_t b = 0; b < s.size; ++b)
            to[b] = how == 0 ? 0 : how == 1 ? 0xFF : how == 2 ? static_cast<unsigned char>(random_.next() >> 40)
                                                          : base_[s.from + s.other * stride + b];
        return {s.what, s.one, s.from + s.one * stride, static_cast<unsigned>(s.size), 0, how, false};
    }

    Damage write(const char* what, std::uint32_t index, std::uint64_t offset, unsigned size, Role role) {
        Damage d{what, index, offset, size, load(offset, size), 0, false};
        d.after = random_.one_in(3) ? d.before ^ (1ull << random_.below(size * 8)) : hostile(d.before, role);
        store(offset, size, d.after);
        return d;
    }
    std::uint64_t load(std::uint64_t offset, unsigned size) {
        std::uint64_t v = 0;
        memcpy(&v, base_ + offset, size);
        return v;
    }
    void store(std::uint64_t offset, unsigned size, std::uint64_t v) {
        switch (size) {
            case 1: array<std::atomic<std::uint8_t>>(offset, 0).store(static_cast<std::uint8_t>(v)); break;
            case 4: array<std::atomic<std::uint32_t>>(offset, 0).store(static_cast<std::uint32_t>(v)); break;
            case 8: array<std::atomic<std::uint64_t>>(offset, 0).store(v); break;
            default: memcpy(base_ + offset, &v, size < 8 ? size : 8);
        }
    }

    std::uint32_t some_block() { return random_.below(threads()) * shm::kMaxWait + random_.below(4) + 1; }
    std::uint32_t some_tid() {
        const Lane& lane = control_.lane[random_.below(kWorkers)];
        switch (random_.below(4)) {
            case 0: return lane.tid.load();
            case 1: return lane.pid.load();
            case 2: return 1 + random_.below(4'000'000);
            default: return static_cast<std::uint32_t>(getpid());
        }
    }

    std::uint64_t hostile(std::uint64_t before, Role role) {
        if (random_.one_in(6)) return random_.next();
        if (random_.one_in(6)) return random_.one_in(2) ? 0 : ~0ull;
        if (random_.one_in(8)) return before + (random_.one_in(2) ? 1 : ~0ull);
        switch (role) {
            case Role::state: return hostile_state(before);
            case Role::wait_word: return hostile_wait(before);
            case Role::slot: return random_.below(6);
            case Role::thread: return near(threads(), shm::kMaxThreads);
            case Role::process: return near(processes(), shm::kMaxProcesses);
            case Role::object: return near(objects(), shm::kMaxObjects);
            case Role::block:
                return (random_.one_in(4) ? near(threads() * shm::kMaxWait, shm::kMaxThreads * shm::kMaxWait)
                                          : some_block()) |
                       (random_.one_in(2) ? 1u << 31 : 0);
            case Role::cell: return near(cells(), shm::kMaxNameCells);
            case Role::count: return random_.one_in(2) ? random_.below(70) : near(0x7FFFFFFF, 0xFFFFFFFF);
            case Role::tid: return hostile_tid();
            case Role::kind: return random_.below(256);
            case Role::pointer: return hostile_pointer();
            case Role::entry: {
                const std::uint64_t object = random_.one_in(2) ? live_object() : near(objects(), shm::kMaxObjects);
                return object << 44 | (before & 0xFFFFFFFFFFF);
            }
            case Role::flag: return random_.below(10);
            case Role::due: return hostile_due(before);
            case Role::setting:
                return timer::pack({random_.one_in(2) ? random_.below(3) : 0xFFFFFFFF,
                                    static_cast<std::uint32_t>(near(threads(), shm::kMaxThreads))});
            case Role::any: break;
        }
        return random_.next() >> random_.below(64);
    }
    std::uint64_t near(std::uint64_t used, std::uint64_t most) {
        const std::uint64_t bounds[] = {used, most, random_.below(static_cast<std::uint32_t>(used)), 0x7FFFFFFF, 1};
        return bounds[random_.below(5)] + random_.below(3) - 1;
    }
    std::uint64_t hostile_state(std::uint64_t before) {
        switch (random_.below(5)) {
            case 0: return before ^ state::kSlow;
            case 1: return before ^ state::kMark;
            case 2: return (before & ~state::kPhaseMask) | (std::uint64_t{random_.below(4)} << 34);
            case 3: return before + (1ull << state::kGenerationShift);
            default: return state::with_value(before, random_.one_in(2) ? random_.below(threads() + 2) : 0xFFFFFFFF);
        }
    }
    // Due now, soon, by the other clock, at the end of time; just set, or with the other setting.
    std::uint64_t hostile_due(std::uint64_t before) {
        timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        const auto units = static_cast<std::uint64_t>(now.tv_sec) * 10'000'000 + random_.below(20'000'000);
        switch (random_.below(6)) {
            case 0: return before ^ timer::kFresh;
            case 1: return before ^ timer::kWhich;
            case 2: return before ^ timer::kAbsolute;
            case 3: return (before & ~timer::kTime) | timer::kTime;
            case 4: return (before & ~timer::kTime) | 1;
            default: return (before & ~timer::kTime) | units;
        }
    }
    // Another phase, another index (up to 127), another sequence.
    std::uint64_t hostile_wait(std::uint64_t before) {
        switch (random_.below(4)) {
            case 0: return (before & ~7ull) | random_.below(8);
            case 1: return (before & ~0x1FFFull) | 2 | (std::uint64_t{random_.below(128)} << 6);
            case 2: return before + (1ull << 32);
            default: return before ^ (1ull << random_.below(13));
        }
    }
    std::uint64_t hostile_tid() {
        switch (random_.below(6)) {
            case 0: return some_tid() | 0x80000000;
            case 1: return some_tid() | 0x40000000;
            case 2: return 0x7FFFFFFF - random_.below(2);  // the C library's "inconsistent" and "not recoverable"
            case 3: return 0x40000000;
            default: return some_tid();
        }
    }
    std::uint64_t hostile_pointer() {
        const Victim& v = control_.victim[random_.below(kVictims)];
        switch (random_.below(5)) {
            case 0:
            case 1: return v.canary[random_.below(kCanaries)].load() + 8 * random_.below(500);
            case 2: return v.segment.load() + random_.below(static_cast<std::uint32_t>(shm::kSegmentBytes / 8)) * 8;
            case 3: return v.segment.load() + shm::kObjectsAt + live_object() * sizeof(shm::Object) + 40;
            default: return 8 * random_.below(1000);
        }
    }

    unsigned char* base_;
    const Control& control_;
    Random& random_;
};

}  // namespace corrupt
