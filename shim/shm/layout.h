// layout.h - everything that two processes share, and nothing else.
//
// Purpose     One file in /dev/shm per user, namespace and ABI holds the whole state: a header, then arrays of slots of
//             fixed size. Slots are named by index, never by address; they keep their type for ever and are never
//             unmapped, so a stale index reads old data and does not fault.
// Layout      | Header | object hints | process slots | thread slots | objects | handle chunks | name cells | buckets |
//             The address range is reserved once (a sparse file); pages are committed batch by batch before the first
//             slot in them is used, so that a full /dev/shm is an error code and never SIGBUS.
// Truth       state words, wait words, armed blocks and handle entries. Queue links, counts, the hint bits, the name
//             chains and the free list of name cells are derived: a repair recomputes them (wait/guard.cpp,
//             name/directory.cpp).
// Locks       rundown (REAP) -> names (NAMES) -> a process's table -> all (ALL) -> object guards; grow is a leaf.
// Version     Any change of a field's meaning, size or place raises kLayoutVersion. A segment of another version or
//             signature is refused, never adapted.
#pragma once
#include <pthread.h>

#include "shim/shm/types.h"

namespace winshim::shm {

inline constexpr u64 kMagic = 0x6D696873'6E697731;  // "1winshim" in memory
inline constexpr u32 kLayoutVersion = 6;

inline constexpr u32 kMaxObjects = 1u << 20;        // index 0 is never used: 0 means "none"
inline constexpr u32 kMaxThreads = 1u << 16;
inline constexpr u32 kMaxProcesses = 1u << 12;
inline constexpr u32 kHandlesPerChunk = 512;
inline constexpr u32 kChunksPerProcess = kMaxObjects / kHandlesPerChunk;
inline constexpr u32 kMaxChunks = 1u << 14;
inline constexpr u32 kMaxNameCells = 1u << 21;      // index 0 is never used
inline constexpr u32 kMaxBuckets = 1u << 20;
inline constexpr u32 kMaxWait = 64;                 // MAXIMUM_WAIT_OBJECTS

// A count that only grows, and carries its complement: damage shows, and is not believed.
struct Count {
    std::atomic<u64> word;
    static constexpr u64 pack(u32 n) noexcept { return (u64{~n} << 32) | n; }
    u32 load() const noexcept { return static_cast<u32>(word.load(std::memory_order_acquire)); }
    bool sound() const noexcept { return word.load(std::memory_order_acquire) == pack(load()); }
    void store(u32 n) noexcept { word.store(pack(n), std::memory_order_release); }
};

// A robust process-shared pthread mutex. Initialised once, when its page is committed; never destroyed.
union RobustLock {
    pthread_mutex_t mutex;
    unsigned char reserved[48];
};
static_assert(sizeof(RobustLock) == 48, "the widest pthread_mutex_t of the supported ABIs has 48 bytes");

// ---- objects ----------------------------------------------------------------------------------------------------

// One dispatcher object in two cache lines: the first is all that a fast path touches.
struct alignas(128) Object {
    std::atomic<u64> state;   //   0  object/state_word.h draws it
    RobustLock guard;         //   8  guards every field below but `rec`
    Field<u32> rec;           //  56  mutant: acquisitions of the owner. Written by it, or for a parked owner-to-be
    Field<u8> type;           //  60  object/kind.h: Kind. Fixed while the object lives
    Field<u8> rule;           //  61  object/rule.h: what a satisfied wait consumes. Fixed while the object lives
    Field<u8> due;            //  62  1: a pump is owed (set too often is harmless, too seldom loses a wake-up)
    Field<u8> file;           //  63  not 0: a file named after this slot may exist (shm/files.h); outlives the object
    Field<u64> ticket;        //  64  the last place in the queue that was given out
    Field<u32> head;          //  72  derived: first queued block (BlockRef), 0 none
    Field<u32> tail;          //  76  derived: last queued block
    Field<u32> all_waits;     //  80  derived: armed blocks of wait-alls
    Field<u32> pins;          //  84  derived: armed blocks; each keeps the object alive
    Field<u32> refs;          //  88  derived: handle entries that name this object and generation
    Field<u32> witness;       //  92  handle/witness.h: a process that holds a handle; 0 or dead: nobody vouches
    Field<u32> name;          //  96  head cell of its name, 0 unnamed
    Field<u32> limit;         // 100  semaphore: maximum count; process: ticks it spent in the kernel
    union {
        Field<u32> body[6];   // 104  of the kind (object/thread.h, object/process.h)
        Field<u64> wide[3];   // 104  the same room (object/timer.h, object/mapping.h, object/process.h)
    };
};
static_assert(sizeof(Object) == 128 && offsetof(Object, guard) == 8 && offsetof(Object, rec) == 56);
static_assert(offsetof(Object, ticket) == 64 && offsetof(Object, limit) == 100 && offsetof(Object, wide) == 104);

// ---- threads and their waits --------------------------------------------------------------------------------------

// One entry of a waiter's own array: "this thread waits on `object` as index i". While armed it is the intention record
// of a grant: an armed block whose thread's word says "granted by this block" is an unfinished grant, and next_state
// and next_rec say how to finish it.
struct Block {
    std::atomic<u32> armed;   //  0  Armed; set and cleared only under the guard of `object`
    Field<u32> object;        //  4
    Field<u64> ticket;        //  8  place in the queue
    Field<u64> next_state;    // 16  what the grant stores into Object::state
    Field<u32> next_rec;      // 24
    Field<u32> sequence;      // 28  of the wait it belongs to
    Field<u32> next;          // 32  derived: queue links (BlockRef)
    Field<u32> prev;          // 36
};
static_assert(sizeof(Block) == 40);

enum Armed : u32 { kDisarmed = 0, kArmedAny = 1, kArmedAll = 2 };

enum class Slot : u32 { free = 0, live = 1, dying = 2, embryo = 3 };

// Thread::sections: a count, and above it its complement, mixed with the id of the thread that wrote it.
inline constexpr u64 sealed(u32 count, u32 tid) noexcept { return (u64{~count ^ tid} << 32) | count; }

struct alignas(64) Thread {
    std::atomic<u64> word;         //    0  wait/wait_word.h draws it
    std::atomic<Slot> slot;        //    8  free -> live (attach), live -> dying -> free (exit, rundown); under REAP
    std::atomic<u32> tid;          //   12
    RobustLock life;               //   16  held by the thread for as long as it lives: the kernel tells of its death
    std::atomic<u32> process;      //   64  process slot
    std::atomic<u32> incarnation;  //   68  tenants of this slot so far
    Field<u32> block_count;        //   72  blocks in use by the current wait
    Field<u32> bell_made;          //   76  the semaphore of this slot may exist (it outlives the tenant)
    Field<u64> wait_since;         //   80  when it went to sleep in this wait (CLOCK_MONOTONIC ns), for lookers; 0 no
    Field<u32> object;             //   88  dispatcher object of the thread, 0 none
    Field<u32> exit_code;          //   92  what its object will say, once it has ended
    std::atomic<u64> sections;     //   96  a count, odd while it holds, or is about to take, a lock of ours, and its
                                   //       seal (`sealed`): a lock word that names it while this is even is damage
    std::atomic<u32> blocked_on;   //  104  number of the lock that it has waited for for long, 0 none
    std::atomic<u32> pid_space;    //  108  as Process::pid_space: both together tell whether `tid` means anything here
    Field<u64> wait_until;         //  112  when this wait runs out, kForever: never; means something beside wait_since
    Field<u32> reserved[2];        //  120
    Block block[kMaxWait];         //  128
    unsigned char pad[64];         // an odd number of cache lines: neighbours fall into different cache sets
};
static_assert(sizeof(Thread) == 2752 && offsetof(Thread, process) == 64 && offsetof(Thread, block) == 128);

// ---- processes and handles ----------------------------------------------------------------------------------------

// One handle: object 20 | generation 28 | access and flags 16 bits (handle/entry.h). 0 = free. Changed by CAS, and to
// or from non-zero only under the guard of the object it names.
struct HandleChunk {
    std::atomic<u64> entry[kHandlesPerChunk];
};

struct alignas(64) Process {
    std::atomic<Slot> slot;                     //   0  free, embryo (process/embryo.h), live, dying; under REAP
    std::atomic<u32> pid;                       //   4
    Field<u32> witness;                         //   8  a thread slot + 1 of this process: alive -> so is the process
    Field<u32> object;                          //  12  dispatcher object of the process, 0 none
    std::atomic<u32> epoch;                     //  16  its watcher's futex word: counts requests to look again
    std::atomic<u32> watching;                  //  20  1 while a watcher sleeps on `epoch`
    Field<u64> embryo_since;                    //  24  CLOCK_MONOTONIC ns
    RobustLock table;                           //  32  guards growth of `chunk`
    Field<u32> exit_code;                       //  80  what its object will say, once it has ended
    std::atomic<u32> code_known;                //  84  1: somebody has said with what code it ends
    std::atomic<u32> remote_closes;             //  88  handles that other processes have closed in this table
    Field<u32> incarnation;                     //  92  tenants of this slot so far
    std::atomic<u32> pid_space;                 //  96  whose thread ids these are: another space's mean nothing here
    std::atomic<u32> gate;                      // 100  of a child not yet begun (process/embryo.h)
    Field<u64> pid_start;                       // 104  start time of `pid`, in ticks after boot; 0 not known
    Field<u32> primary;                         // 112  object of its first thread, until that has a thread slot
    Field<u32> priority;                        // 116  priority class that was set; 0 none
    Field<u32> maker_tenancy;                   // 120  of an embryo without a pid: incarnation of thread slot `witness`
    Field<u32> parent;                          // 124  pid of who made it by CreateProcess, and hears of its end; or 0
    std::atomic<u32> chunk[kChunksPerProcess];  // 128  handle h is entry h % 512 of chunk[h / 512] - 1; 0 = none yet
};
static_assert(sizeof(Process) == 128 + 4 * kChunksPerProcess && offsetof(Process, chunk) == 128);

// ---- names ----------------------------------------------------------------------------------------------------------

// A name is a chain of cells. The head cell is valid while its object has its generation and is live; a stale one is
// dropped by whoever meets it. All of it is guarded by NAMES.
struct NameHead {
    Field<u32> next;     //  8  next head in the bucket
    Field<u32> hash;     // 12
    Field<u64> object;   // 16  object 20 | generation 28, as in a handle entry
    Field<u32> length;   // 24  bytes of text
    Field<u8> text[36];  // 28
};

struct alignas(64) NameCell {
    Field<u32> use;         //  0  CellUse
    Field<u32> more;        //  4  next cell of this name; in a free cell: next free
    union {
        NameHead head;
        Field<u8> text[56];  //  8
    };
};
static_assert(sizeof(NameCell) == 64);
inline constexpr u32 kHeadText = 36, kCellText = 56;

enum CellUse : u32 { kCellFree = 0, kCellHead = 1, kCellMore = 2 };

// ---- the header -----------------------------------------------------------------------------------------------------

struct Header {
    std::atomic<u64> magic;             // written last by whoever makes the segment
    u32 layout_version;
    u32 signature;                      // mixed from the sizes below: refuses an ABI that only looks alike
    u64 id;                             // random; part of the semaphores' names
    std::atomic<u32> retired;           // 1: the last process has left; make a new one
    std::atomic<u32> reserved;
    alignas(64) RobustLock rundown;     // REAP: attach, detach, rundown of the dead
    alignas(64) RobustLock names;       // NAMES: name cells and buckets
    alignas(64) RobustLock all;         // ALL: held by whoever holds more than one guard
    alignas(64) RobustLock grow;        // commits pages
    Count objects;                      // committed slots of each array
    Count threads;
    Count processes;
    Count chunks;
    Count cells;
    alignas(64) std::atomic<u32> cursor;  // where the next search for a free object begins
    std::atomic<u32> stale_names;       // head cells whose object was destroyed since the last collection: a hint
    alignas(64) Field<u32> cell_free;   // NAMES: head of the free list, derived
    Field<u32> cell_next;               // NAMES: first cell never used, derived
    Count bucket_count;                 // NAMES: power of two, committed
    Field<u32> name_count;              // NAMES: derived
    alignas(64) std::atomic<u64> hint_summary[kMaxObjects / 64 / 64];  // derived: bit = a hint word that may not be 0
    std::atomic<u32> chunk_owner[kMaxChunks];  // process slot + 1; 0 = free. From 0 by CAS; to 0 under REAP
};

inline constexpr u64 kPage = 4096;
constexpr u64 page_up(u64 bytes) { return (bytes + kPage - 1) / kPage * kPage; }

inline constexpr u64 kHeaderAt = 0;
inline constexpr u64 kHintsAt = page_up(sizeof(Header));  // u64 per 64 objects, derived: bit = slot that may be free
inline constexpr u64 kProcessesAt = kHintsAt + page_up(kMaxObjects / 8);
inline constexpr u64 kThreadsAt = kProcessesAt + page_up(u64{kMaxProcesses} * sizeof(Process));
inline constexpr u64 kObjectsAt = kThreadsAt + page_up(u64{kMaxThreads} * sizeof(Thread));
inline constexpr u64 kChunksAt = kObjectsAt + page_up(u64{kMaxObjects} * sizeof(Object));
inline constexpr u64 kCellsAt = kChunksAt + page_up(u64{kMaxChunks} * sizeof(HandleChunk));
inline constexpr u64 kBucketsAt = kCellsAt + page_up(u64{kMaxNameCells} * sizeof(NameCell));
inline constexpr u64 kSegmentBytes = kBucketsAt + page_up(u64{kMaxBuckets} * 4);

constexpr u32 mix(u32 seed, u64 value) { return (seed ^ static_cast<u32>(value)) * 16777619u; }
inline constexpr u32 kSignature =
    mix(mix(mix(mix(mix(mix(mix(2166136261u, sizeof(Header)), sizeof(pthread_mutex_t)), sizeof(Object)),
                    sizeof(Thread)), sizeof(Process)), sizeof(NameCell)), kSegmentBytes);

static_assert(std::atomic<u64>::is_always_lock_free && std::atomic<u32>::is_always_lock_free);

}  // namespace winshim::shm
