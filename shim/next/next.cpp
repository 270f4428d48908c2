// next.cpp - finding the next definition, once for each function, and lending it our last error.
#include "shim/next/next.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>

#include <cerrno>
#include <cstring>

#include "shim/base/fork_lock.h"
#include "shim/shm/self.h"

namespace winshim::next {

constinit std::atomic<u32> given_end = 0;
constinit std::atomic<u32> ports_end = 0;

namespace {

// One text without pointers in it, which the loader would have to relocate in every program.
constexpr char kNames[] =
#define WINSHIM_ROW(name) #name "\0"
    WINSHIM_NEXT_BY_HANDLE(WINSHIM_ROW) WINSHIM_NEXT_MAKERS(WINSHIM_ROW);
#undef WINSHIM_ROW
constexpr std::size_t kCount = static_cast<std::size_t>(Name::count_);

// The loader has locks of its own, which a fork's child would find held for ever if another thread were asking it at
// that moment: so who asks has this one, for which forks wait. Not taken within itself (a signal handler's bad handle).
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
using ForkGuard = base::ForkLock<lock>;
__attribute__((constructor)) void watch_forks() noexcept { ForkGuard::watch_forks(); }
constinit thread_local bool asking = false;

template <class Ask>
auto ask_loader(Ask ask) noexcept {
    if (asking) return ask();
    asking = true;
    const auto answer = [&] {
        const ForkGuard guard;
        return ask();
    }();
    asking = false;
    return answer;
}

// A value that no error has: whether the other library has set its last error is seen by this one being gone.
constexpr u32 kUnset = 0xEEEE0BAD;
// So often within itself, with the same handle: the next definition comes back to us by the name.
constexpr u32 kCircle = 16;

constinit std::atomic<void*> found[kCount] = {};
constinit std::atomic<u64> asked_at[kCount] = {};  // 1 + how many objects had been loaded when nobody had it
constinit thread_local Handed::Depth depth = {};

const char* name_of(Name name) noexcept {
    const char* text = kNames;
    for (auto i = static_cast<std::size_t>(name); i != 0; --i) text += strlen(text) + 1;
    return text;
}

u64 objects_loaded() noexcept {
    u64 count = 0;
    dl_iterate_phdr(
        [](dl_phdr_info* info, std::size_t, void* to) {
            *static_cast<u64*>(to) = info->dlpi_adds;
            return 1;
        },
        &count);
    return count + 1;
}

// Where an object lies. Not asked of dladdr, which goes through all symbols of it.
struct Place {
    std::uintptr_t begin = ~std::uintptr_t{0}, end = 0;

    bool has(const void* at) const noexcept {
        const auto address = reinterpret_cast<std::uintptr_t>(at);
        return begin <= address && address < end;
    }
};
Place place_of(const dl_phdr_info& info) noexcept {
    Place place;
    for (unsigned i = 0; i < info.dlpi_phnum; ++i) {
        const auto& segment = info.dlpi_phdr[i];
        if (segment.p_type != PT_LOAD) continue;
        const std::uintptr_t begin = info.dlpi_addr + segment.p_vaddr, end = begin + segment.p_memsz;
        if (begin < place.begin) place.begin = begin;
        if (end > place.end) place.end = end;
    }
    return place;
}

// The entry points in Microsoft's convention, under the same names: they lead here, and are no other library's.
bool is_msabi(const char* path) noexcept {
    const char* const slash = strrchr(path, '/');
    return strcmp(slash != nullptr ? slash + 1 : path, "libwinshim-msabi.so") == 0;
}
bool is_msabi_entry(const void* at) noexcept {
    Dl_info info;
    return dladdr(at, &info) != 0 && is_msabi(info.dli_fname);
}

struct Sought {
    std::size_t left;
    Place place;
    char path[PATH_MAX];
};

// A library that a program has loaded for itself alone (RTLD_LOCAL) is not behind us in the order of searching. Its own
// definition, not one that it gets from elsewhere.
void* find_in_local(const char* name) noexcept {
    Sought sought;
    for (std::size_t i = 1;; ++i) {  // the first is the program, which stands before us
        sought.left = i;
        const int more = dl_iterate_phdr(
            [](dl_phdr_info* info, std::size_t, void* to) {
                auto& s = *static_cast<Sought*>(to);
                if (s.left-- != 0) return 0;
                s.path[0] = '\0';
                s.place = place_of(*info);
                const bool ours = s.place.has(&found) || is_msabi(info->dlpi_name);
                if (!ours && strlen(info->dlpi_name) < sizeof s.path) strcpy(s.path, info->dlpi_name);
                return 1;
            },
            &sought);
        if (more == 0) return nullptr;
        void* const object = sought.path[0] == '\0' ? nullptr : dlopen(sought.path, RTLD_LAZY | RTLD_NOLOAD);
        if (object == nullptr) continue;
        void* const at = dlsym(object, name);
        dlclose(object);
        if (at != nullptr && sought.place.has(at)) return at;
    }
}

void* find_behind(const char* name) noexcept {
    void* const at = dlsym(RTLD_NEXT, name);
    return at != nullptr && !is_msabi_entry(at) ? at : find_in_local(name);
}

bool is_defined(const char* name) noexcept {
    const KeepErrno keep;
    const bool is = ask_loader([&] { return find_behind(name); }) != nullptr;
    dlerror();
    return is;
}

}  // namespace

void* find(Name name) noexcept {
    const auto i = static_cast<std::size_t>(name);
    if (void* const at = found[i].load(std::memory_order_acquire)) return at;
    const KeepErrno keep;
    void* const at = ask_loader([&]() -> void* {
        const u64 loaded = objects_loaded();
        if (asked_at[i].load(std::memory_order_relaxed) == loaded) return nullptr;
        void* const its = find_behind(name_of(name));
        if (its == nullptr) asked_at[i].store(loaded, std::memory_order_relaxed);
        return its;
    });
    dlerror();  // what we did not find is nothing that the program asked about
    if (at != nullptr) found[i].store(at, std::memory_order_release);
    return at;
}

constinit std::atomic<Owner> owner_of[static_cast<std::size_t>(Family::count_)] = {};

bool ask_owner(Family family) noexcept {
    // Beside the functions that both have: those that we do not have.
    static constexpr char kOnEvents[][24] = {"WSAEventSelect", "SetEventFileDescriptor", "GetEventFileDescriptor"};
    bool theirs = false;
    switch (family) {
        case Family::files: theirs = find(Name::CreateFileA) != nullptr || find(Name::CreateFileW) != nullptr; break;
        case Family::memory:
            theirs = find(Name::HeapAlloc) != nullptr || find(Name::LocalAlloc) != nullptr ||
                     find(Name::GlobalAlloc) != nullptr;
            break;
        case Family::events:
            for (const auto& name : kOnEvents) theirs = theirs || is_defined(name);
            break;
        case Family::count_: break;
    }
    const auto i = static_cast<std::size_t>(family);
    owner_of[i].store(theirs ? Owner::theirs : Owner::ours, std::memory_order_relaxed);
    return theirs;
}

// A descriptor that is open, or a small number that may have been one. Where files are another library's, we give out
// none but by number (_get_osfhandle): then only what is open counts.
bool is_foreign_number(std::uintptr_t number) noexcept {
    constexpr std::uintptr_t kMost = 0x100000;  // as many as a process may have open, as systems come
    if (number >= kDescriptors) return number - kDescriptors >= ports_end.load(std::memory_order_relaxed);
    if (number < kMost && !is_left(Family::files)) return false;
    const KeepErrno keep;
    return fcntl(static_cast<int>(number), F_GETFD) < 0;
}

// The frames of one chain of calls lie below each other. A record whose frame is not above the caller's was left behind
// by a jump out of a call, or is another chain's.
Handed::Handed(Name name, const void* handle) noexcept : what_(find(name)), before_(depth) {
    const void* const frame = __builtin_frame_address(0);
    const bool within = depth.count != 0 && depth.frame > frame && depth.name == name && depth.handle == handle;
    if (within && depth.count >= kCircle) what_ = nullptr;
    if (what_ == nullptr) return;
    depth = within ? Depth{depth.frame, handle, name, depth.count + 1} : Depth{frame, handle, name, 1};
    const auto get = reinterpret_cast<u32 (*)()>(find(Name::GetLastError));
    const auto set = reinterpret_cast<void (*)(u32)>(find(Name::SetLastError));
    watched_ = get != nullptr && set != nullptr && name != Name::GetLastError && name != Name::SetLastError;
    if (!watched_) return;
    error_before_ = get();
    set(kUnset);
}

Handed::~Handed() noexcept {
    if (what_ == nullptr) return;
    depth = before_;
    if (!watched_) return;
    const u32 error = reinterpret_cast<u32 (*)()>(find(Name::GetLastError))();
    if (error != kUnset) last_error = error;
    else reinterpret_cast<void (*)(u32)>(find(Name::SetLastError))(error_before_);
}

}  // namespace winshim::next
