// model.h - what the specification says that a sequence of calls must do. One thread, no locks, no cleverness.
//
// Purpose     Model::play tells for a call whether it returns or blocks, its result and last error, and which calls
//             that were blocked return because of it, with what. To be read beside behaviour.md: the comments name the
//             statements. It knows nothing of the library.
// Skipped     is a call whose outcome the specification leaves open (two errors at once; the last handle of an object
//             closed while somebody waits for it; ...), or which makes no sense (its actor is blocked or gone). It is
//             not made at all. So any selection of a sequence's calls is a sequence, too, and shrinking is easy.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "conformance/random/call.h"

namespace sequence {

enum class Profile { ce, ce5, nt };
enum class Kind : std::uint8_t { event, mutex, semaphore, timer, mapping, process, thread };

struct Object {
    Kind kind = Kind::event;
    bool exists = false, manual = false;
    int name = -1;                     // canonical (profile rules applied), or kNoName
    std::int64_t count = 0, most = 1;  // event, timer: 0 or 1
    int owner = -1, recursion = 0;     // mutex: an actor or -1
    bool abandoned = false;
    unsigned whose = 0;                // process, thread: which one
};

struct Handle {
    enum State : std::uint8_t { none, open, closed } state = none;  // closed: the value is certainly not used again
    bool inherit = false, protect = false;
    std::uint32_t access = 0;
    int object = -1;
    unsigned serial = 0;  // tells it from the next one in its slot
};

struct QueuedApc {
    Apc what;
    std::uint8_t number;
    std::int8_t slot;
    unsigned serial;  // of the handle that was in it
};

struct Wait {
    std::vector<int> objects;  // empty: SleepEx
    bool all = false, alertable = false;
    unsigned since = 0;        // place in the order of all waits
};

struct Thread {
    bool lives = false, waits = false;
    unsigned born = 0;         // tells it from the next one of its number
    std::uint32_t error = 0;
    Wait wait = {};
    std::vector<QueuedApc> apcs = {};
};

struct Process {
    bool lives = false;
    unsigned born = 0;
    std::array<Handle, kSlots> handle = {};
};

struct Answer {
    std::uint64_t value = 0;  // of a call that makes a handle: 1, or 0
    std::uint32_t error = 0, extra = 0;
    std::vector<std::uint8_t> notes = {};
};

struct Returned {
    int actor;
    Answer answer;
};

struct Outcome {
    enum How { skipped, returns, blocks, thread_ends, process_ends } how = skipped;
    Answer answer = {};
    std::vector<Returned> woken = {};
    int other_thread = -1, other_process = -1;  // that the call has ended  // calls that were blocked, and return now
};

class Model {
public:
    explicit Model(Profile profile);

    Outcome play(const Call &call);

    const Thread &thread(int actor) const { return threads_[actor]; }
    const Process &process(int process) const { return processes_[process]; }
    const Object &object(int object) const { return objects_[object]; }
    Profile profile() const { return profile_; }
    bool is_idle(int actor) const { return threads_[actor].lives && !threads_[actor].waits; }

private:
    friend class Turn;

    Profile profile_;
    std::vector<Object> objects_;
    std::array<Process, kProcesses> processes_;
    std::array<Thread, kActors> threads_;
    unsigned waits_ = 0, serial_ = 0;
};

// Rights that a handle of `kind` gets for the access that was asked for (section 10.3).
std::uint32_t granted(Kind kind, std::uint32_t desired);
std::uint32_t all_access(Kind kind);

}  // namespace sequence
