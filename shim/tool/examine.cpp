// examine.cpp - the examination: header, slots, queues, handles against counts, names.
#include "shim/tool/examine.h"

#include <cstdlib>
#include <sys/stat.h>
#include <unistd.h>

#include "shim/object/kinds.h"
#include "shim/shm/files.h"
#include "shim/shm/robust.h"
#include "shim/wait/queue.h"
#include "shim/wait/wait_word.h"

namespace winshim::tool {
namespace {

using shm::Slot;

constexpr u32 kMostNameBytes = 780;

struct Count {
    u32 refs, pins, all_waits;
};

class Examination {
public:
    Examination(Findings& damage, Findings& notes) noexcept : damage_(damage), notes_(notes) {
        count_ = static_cast<Count*>(calloc(shm::object_count() + 1, sizeof(Count)));
        shm::init(pattern_);
    }
    ~Examination() noexcept { free(count_); }
    Examination(const Examination&) = delete;
    Examination& operator=(const Examination&) = delete;

    Census run() noexcept {
        if (count_ == nullptr) return census_;
        locks();
        for (u32 i = 0; i < shm::process_count(); ++i) process(i);
        for (u32 i = 0; i < shm::chunk_count(); ++i) chunk(i);
        for (u32 i = 0; i < shm::thread_count(); ++i) thread(i);
        for (u32 i = 1; i < shm::object_count(); ++i) object(i);
        names();
        return census_;
    }

private:
    static bool is_live(u32 object) noexcept {
        return object != 0 && object < shm::object_count() &&
               state::phase(shm::object(object).state.load()) == state::kLive;
    }

    // `what` and `index` name the lock.
    void lock(const char* what, u32 index, shm::RobustLock& lock) noexcept {
#if defined(__GLIBC__)
        if (lock.mutex.__data.__kind != pattern_.mutex.__data.__kind)
            damage_.say("%s %u: its lock is of kind 0x%x", what, index,
                        static_cast<unsigned>(lock.mutex.__data.__kind));
#endif
        const u32 word = shm::lock_word(lock).load();
        if ((word & shm::kOwnerDied) != 0) notes_.say("%s %u: the holder of its lock has died", what, index);
        else if (word != 0 && !some_thread_is(word & shm::kTidMask))
            damage_.say("%s %u: its lock names thread %u, which is none of the segment's", what, index,
                        word & shm::kTidMask);
    }
    static bool some_thread_is(u32 tid) noexcept {
        for (u32 i = 0; i < shm::thread_count(); ++i)
            if (shm::thread(i).tid.load() == tid) return true;
        return false;
    }
    void locks() noexcept {
        shm::Header& h = shm::header();
        lock("REAP", 0, h.rundown);
        lock("NAMES", 0, h.names);
        lock("ALL", 0, h.all);
        lock("GROW", 0, h.grow);
    }

    void process(u32 i) noexcept {
        shm::Process& p = shm::process(i);
        const Slot slot = p.slot.load();
        lock("process slot", i, p.table);
        if (slot > Slot::embryo) damage_.say("process slot %u: its state is %u", i, static_cast<u32>(slot));
        if (slot != Slot::free) ++census_.processes;
        own_object("process slot", i, slot, p.object.get());
        own_object("first thread of process slot", i, slot, p.primary.get());
        for (u32 at = 0; at < shm::kChunksPerProcess; ++at) {
            const u32 chunk = p.chunk[at].load();
            if (chunk == 0) continue;
            if (chunk > shm::chunk_count())
                damage_.say("process slot %u: place %u of its table leads to no chunk", i, at);
            else if (slot != Slot::free && shm::header().chunk_owner[chunk - 1].load() != i + 1)
                damage_.say("process slot %u: chunk %u of its table belongs to another", i, chunk - 1);
        }
    }
    void own_object(const char* what, u32 i, Slot slot, u32 object) noexcept {
        if (object == 0 || slot == Slot::free) return;
        if (!is_live(object)) damage_.say("%s %u: its object %u does not live", what, i, object);
        else ++count_[object].refs;
    }

    void chunk(u32 i) noexcept {
        const u32 owner = shm::header().chunk_owner[i].load();
        if (owner > shm::process_count())
            damage_.say("chunk %u: belongs to process slot %u, which does not exist", i, owner - 1);
        if (owner == 0) return;
        for (u32 e = 0; e < shm::kHandlesPerChunk; ++e) {
            const u64 entry = shm::chunk(i).entry[e].load();
            const u32 object = static_cast<u32>(entry >> 44);
            const u32 generation = static_cast<u32>(entry >> 16) & state::kGenerationMask;
            if (object == 0) {
                if (entry > 1)
                    damage_.say("chunk %u: entry %u holds 0x%llx", i, e, static_cast<unsigned long long>(entry));
                continue;
            }
            ++census_.handles;
            if (object >= shm::object_count() || !state::is_live(shm::object(object).state.load(), generation))
                damage_.say("chunk %u: entry %u is a handle to object %u, which does not live", i, e, object);
            else ++count_[object].refs;
        }
    }

    void thread(u32 i) noexcept {
        shm::Thread& t = shm::thread(i);
        const Slot slot = t.slot.load();
        const u64 word = t.word.load();
        if (slot > Slot::dying) damage_.say("thread slot %u: its state is %u", i, static_cast<u32>(slot));
        if (wait_word::phase(word) > wait_word::alerted)
            damage_.say("thread slot %u: its wait is in phase %llu", i,
                        static_cast<unsigned long long>(wait_word::phase(word)));
        if (t.block_count.get() > shm::kMaxWait)
            damage_.say("thread slot %u: it uses %u blocks", i, t.block_count.get());
        if (slot != Slot::free) {
            ++census_.threads;
            if (t.process.load() >= shm::process_count())
                damage_.say("thread slot %u: of process slot %u, which does not exist", i, t.process.load());
        }
        if (slot == Slot::live && !shm::alive(t)) {
            ++census_.dead;
            notes_.say("thread slot %u: its thread %u is dead", i, t.tid.load());
        }
        own_object("thread slot", i, slot, t.object.get());
        for (u32 b = 0; b < shm::kMaxWait; ++b) block(i, b, slot, word);
    }
    void block(u32 i, u32 b, Slot slot, u64 word) noexcept {
        const shm::Block& block = shm::thread(i).block[b];
        const u32 armed = block.armed.load(), object = block.object.get();
        if (armed == shm::kDisarmed) return;
        if (armed > shm::kArmedAll) damage_.say("thread slot %u: block %u is armed with %u", i, b, armed);
        if (slot == Slot::free) damage_.say("thread slot %u: is free, and block %u armed", i, b);
        if (block.sequence.get() != wait_word::sequence(word))
            damage_.say("thread slot %u: block %u is of another wait", i, b);
        if (!is_live(object)) {
            damage_.say("thread slot %u: block %u waits for object %u, which does not live", i, b, object);
            return;
        }
        ++count_[object].pins;
        if (armed == shm::kArmedAll) ++count_[object].all_waits;
    }

    void object(u32 i) noexcept {
        shm::Object& x = shm::object(i);
        const u64 s = x.state.load();
        lock("object", i, x.guard);
        if (state::phase(s) > state::kLive)
            damage_.say("object %u: its state is 0x%llx", i, static_cast<unsigned long long>(s));
        if (state::phase(s) == state::kFree) file_of_none(i, x, state::generation(s));
        if (state::phase(s) != state::kLive) return;
        ++census_.objects;
        const auto kind = static_cast<Kind>(x.type.get());
        const auto rule = static_cast<Rule>(x.rule.get());
        const KindInfo* info = kind_info(kind);
        if (info == nullptr) damage_.say("object %u: its kind is %u", i, static_cast<u32>(kind));
        else if (rule > Rule::mutant || (bit_of(rule) & info->rules) == 0)
            damage_.say("object %u: rule %u does not go with kind %u", i, static_cast<u32>(rule),
                        static_cast<u32>(kind));
        value(i, x, rule, state::value(s));
        if (x.due.get() > 1) damage_.say("object %u: due is %u", i, x.due.get());
        if (shm::holder_died(x.guard)) return;  // what is derived will be derived anew
        const Count& seen = count_[i];
        if (x.refs.get() != seen.refs)
            damage_.say("object %u: counts %u references, there are %u", i, x.refs.get(), seen.refs);
        if (x.pins.get() != seen.pins)
            damage_.say("object %u: counts %u armed blocks, there are %u", i, x.pins.get(), seen.pins);
        if (x.all_waits.get() != seen.all_waits)
            damage_.say("object %u: counts %u blocks of wait-alls, there are %u", i, x.all_waits.get(), seen.all_waits);
        if (kind == Kind::timer) timer_of(i, x, s);
        if (kind == Kind::mapping) mapping_of(i, x, state::generation(s));
        if (seen.pins != 0 && (s & state::kSlow) == 0) damage_.say("object %u: is waited for, and not marked SLOW", i);
        queue(i, x, seen.pins);
        name_of(i, x, state::generation(s));
    }
    void value(u32 i, shm::Object& x, Rule rule, u32 value) noexcept {
        if (rule == Rule::semaphore) {
            if (value > x.limit.get())
                damage_.say("object %u: a semaphore with %u of at most %u", i, value, x.limit.get());
        } else if (rule == Rule::mutant) {
            if (value > shm::thread_count())
                damage_.say("object %u: its owner is thread slot %u, which does not exist", i, value - 1);
            else if (value != 0 && shm::thread(value - 1).slot.load() == Slot::free)
                damage_.say("object %u: its owner is thread slot %u, which is free", i, value - 1);
            else if (value != 0 && !shm::alive(shm::thread(value - 1))) notes_.say("object %u: its owner is dead", i);
        }
    }
    void timer_of(u32 i, shm::Object& x, u64 s) noexcept {
        const timer::Setting setting = timer::setting(x);
        if (timer::pending(x) && (s & state::kSlow) == 0)
            damage_.say("object %u: a timer that is set, and not marked SLOW", i);
        if ((timer::due_word(x) & timer::kFresh) != 0) damage_.say("object %u: a timer that is set by half", i);
        if (setting.period_ms > 0x7FFFFFFF) damage_.say("object %u: a timer with the period %u", i, setting.period_ms);
        if (setting.setter > shm::thread_count())
            damage_.say("object %u: a timer set by thread slot %u, which does not exist", i, setting.setter - 1);
    }
    static bool look(u32 object, u32 generation, struct stat& st) noexcept {
        char path[120];
        snprintf(path, sizeof path, "/dev/shm%s",
                 shm::files::Name(geteuid(), shm::header().id, object, generation).text);
        return lstat(path, &st) == 0;
    }
    void mapping_of(u32 i, shm::Object& x, u32 generation) noexcept {
        const u64 size = x.wide[mapping::kSize].get(), traits = x.wide[mapping::kTraits].get();
        constexpr u64 kKnown = mapping::kWritable | mapping::kExecutable | mapping::kOnFile | mapping::kReserved;
        struct stat st;
        if (size == 0 || (traits & ~kKnown) != 0)
            damage_.say("object %u: a file mapping of %llu bytes, traits 0x%llx", i,
                        static_cast<unsigned long long>(size), static_cast<unsigned long long>(traits));
        if (shm::files::generation_of(x.file.get(), generation) != generation || x.file.get() == 0)
            damage_.say("object %u: a file mapping that does not know of its file", i);
        if (!look(i, generation, st)) damage_.say("object %u: a file mapping without its file", i);
        else if (const char* why = shm::objection(st); why != nullptr) damage_.say("object %u: its file %s", i, why);
        else if ((traits & mapping::kOnFile) == 0 && static_cast<u64>(st.st_size) < size)
            damage_.say("object %u: a file mapping of %llu bytes, with a file of %llu", i,
                        static_cast<unsigned long long>(size), static_cast<unsigned long long>(st.st_size));
    }
    // What somebody left who died: the next to attach, or to use the slot, removes it.
    void file_of_none(u32 i, const shm::Object& x, u32 now) noexcept {
        const u8 mark = x.file.get();
        const u32 generation = shm::files::generation_of(mark, now) & state::kGenerationMask;
        struct stat st;
        if (mark != 0 && look(i, generation, st)) notes_.say("object %u: is gone, and its file is left", i);
    }
    void queue(u32 i, shm::Object& x, u32 most) noexcept {
        BlockRef before = 0, ref = x.head.get();
        for (u32 steps = 0; ref != 0; ++steps) {
            if (!valid(ref)) return damage_.say("object %u: its queue leads to block %u, which does not exist", i, ref);
            if (steps == most) return damage_.say("object %u: its queue is longer than the blocks that wait for it", i);
            const shm::Block& block = at(ref).block;
            if (block.armed.load() == shm::kDisarmed || block.object.get() != i)
                return damage_.say("object %u: in its queue is block %u, which does not wait for it", i, ref);
            if (queue::predecessor(block) != before)
                return damage_.say("object %u: block %u of its queue names a wrong predecessor", i, ref);
            before = ref;
            ref = block.next.get();
        }
        if (x.tail.get() != before)
            damage_.say("object %u: the end of its queue is block %u, not %u", i, x.tail.get(), before);
    }

    static bool is_head(u32 cell) noexcept {
        return cell != 0 && cell < shm::cell_count() && shm::cell(cell).use.get() == shm::kCellHead;
    }
    static u64 packed(u32 object, u32 generation) noexcept { return (u64{object} << 28) | generation; }
    void name_of(u32 i, shm::Object& x, u32 generation) noexcept {
        const u32 cell = x.name.get();
        if (cell == 0 || x.refs.get() == 0) return;
        if (!is_head(cell) || shm::cell(cell).head.object.get() != packed(i, generation))
            damage_.say("object %u: its name is in cell %u, which is not its own", i, cell);
    }
    void names() noexcept {
        const u32 buckets = shm::bucket_count(), cells = shm::cell_count();
        for (u32 b = 0; b < buckets; ++b) {
            u32 steps = cells;
            for (u32 cell = shm::bucket(b).get(); cell != 0; cell = shm::cell(cell).head.next.get()) {
                if (!is_head(cell)) {
                    damage_.say("bucket %u: leads to cell %u, which is no name", b, cell);
                    break;
                }
                if (steps-- == 0) {
                    damage_.say("bucket %u: its chain is a ring", b);
                    break;
                }
                ++census_.names;
                name(b, buckets, cell);
            }
        }
    }
    void name(u32 bucket, u32 buckets, u32 cell) noexcept {
        shm::NameCell& head = shm::cell(cell);
        const u32 length = head.head.length.get();
        if ((head.head.hash.get() & (buckets - 1)) != bucket)
            damage_.say("cell %u: its name is in the wrong bucket %u", cell, bucket);
        if (length > kMostNameBytes) return damage_.say("cell %u: a name of %u bytes", cell, length);
        u32 next = head.more.get();
        for (u32 have = shm::kHeadText; have < length; have += shm::kCellText, next = shm::cell(next).more.get())
            if (next == 0 || next >= shm::cell_count() || shm::cell(next).use.get() != shm::kCellMore)
                return damage_.say("cell %u: the text of its name is torn", cell);
    }

    Findings& damage_;
    Findings& notes_;
    Count* count_;
    shm::RobustLock pattern_{};
    Census census_{};
};

}  // namespace

bool examine_header(u64 file_bytes, Findings& damage) noexcept {
    if (file_bytes < sizeof(shm::Header)) {
        damage.say("the file has %llu bytes: no header", static_cast<unsigned long long>(file_bytes));
        return false;
    }
    shm::Header& h = shm::header();
    bool worth = true;
    const auto wrong = [&](bool is_wrong, const char* what) {
        if (is_wrong) damage.say("header: %s", what);
        worth = worth && !is_wrong;
    };
    wrong(h.magic.load() != shm::kMagic, "this is no segment of winshim");
    if (!worth) return false;
    wrong(h.layout_version != shm::kLayoutVersion, "another layout version");
    wrong(h.signature != shm::kSignature, "another signature");
    wrong(file_bytes != shm::kSegmentBytes, "the file has the wrong size");
    if (!worth) return false;
    struct { const char* name; shm::Count& count; u32 most; } counts[] = {
        {"objects", h.objects, shm::kMaxObjects}, {"threads", h.threads, shm::kMaxThreads},
        {"processes", h.processes, shm::kMaxProcesses}, {"chunks", h.chunks, shm::kMaxChunks},
        {"cells", h.cells, shm::kMaxNameCells}, {"buckets", h.bucket_count, shm::kMaxBuckets}};
    for (const auto& c : counts) {
        const bool unused = c.count.word.load() == 0;  // nothing of the kind was ever made
        if (!unused && (!c.count.sound() || c.count.load() > c.most))
            damage.say("header: the count of %s is damaged", c.name);
    }
    if (h.retired.load() > 1) damage.say("header: retired is %u", h.retired.load());
    if (h.cell_next.get() > h.cells.load() && h.cells.word.load() != 0)
        damage.say("header: more name cells used than there are");
    if (const u32 b = h.bucket_count.load(); (b & (b - 1)) != 0) damage.say("header: %u buckets, no power of two", b);
    return true;
}

Census examine(Findings& damage, Findings& notes) noexcept {
    Examination examination(damage, notes);
    return examination.run();
}

}  // namespace winshim::tool
