// next.h - the next definition of an exported function in this process: whom a handle is handed on to that is not ours.
//
// Purpose     A program that was built against another Win32 library still has that library, behind ours. A call with a
//             handle of its making goes on to it, with the arguments as they came; so does its last error come back.
//             Where there is no other library nothing changes: the call fails as it did.
// Invariants  Nothing here is called before a handle was found not to be ours, or for functions whose time is that of a
//             system call: the way of a call that succeeds is not touched. No lock of ours is held here.
//             What is never handed on: NULL, the pseudo handles, the values of descriptors and ports (file/), and
//             every value up to the highest that this process's table has given out. Such a value is a handle of ours
//             that is not open any more, and the other library would take it for an address.
// Source      dlsym(3), RTLD_NEXT.
#pragma once
#include "shim/next/names.h"
#include "shim/shm/last_error.h"
#include "shim/shm/layout.h"

namespace winshim::next {

enum class Name : u16 {
#define WINSHIM_ROW(name) name,
    WINSHIM_NEXT_BY_HANDLE(WINSHIM_ROW) WINSHIM_NEXT_MAKERS(WINSHIM_ROW)
#undef WINSHIM_ROW
        count_
};

// ---- families ------------------------------------------------------------------------------------------------------
// Things that another library has more functions for than we do stay with it altogether: a function that only it has
// would take a handle of ours for an address. What it has in this process is asked once, at the first call that makes
// such a thing.
enum class Family : u8 {
    files,   // files, pipes, searches, what is done by path: of a library that opens files
    memory,  // heaps and what comes out of them: of a library that has heaps
    events,  // events without a name that stay signaled: of a library that can tie them to descriptors or sockets
    count_
};
enum class Owner : u8 { unknown, ours, theirs };
extern constinit std::atomic<Owner> owner_of[static_cast<std::size_t>(Family::count_)];
[[gnu::cold]] bool ask_owner(Family family) noexcept;

inline bool is_left(Family family) noexcept {
    const Owner owner = owner_of[static_cast<std::size_t>(family)].load(std::memory_order_relaxed);
    return WINSHIM_UNLIKELY(owner != Owner::ours) && (owner == Owner::theirs || ask_owner(family));
}

// Indices of the handle table below this one have been in use (handle/table.cpp).
extern constinit std::atomic<u32> given_end;

inline constexpr std::uintptr_t kFirstDescriptor = 0x1000000, kDescriptors = 0x1000000, kPorts = 1024;  // in file/

// Ports below this one have been in use (file/completion.cpp).
extern constinit std::atomic<u32> ports_end;

// The number of a descriptor or a port, or an address: the heap of a program that is not position-independent lies
// there.
[[gnu::cold]] bool is_foreign_number(std::uintptr_t number) noexcept;

// No handle of this library has such a value, whatever its table has given out.
inline bool is_foreign_value(const void* handle) noexcept {
    const auto v = reinterpret_cast<std::uintptr_t>(handle);
    if (v % 4 != 0) return v < ~std::uintptr_t{15};  // pseudo handles: the last few values
    if (v <= std::uintptr_t{shm::kMaxObjects} * 4 || v >= ~std::uintptr_t{15}) return false;
    const std::uintptr_t number = (v - kFirstDescriptor) / 4;
    return v < kFirstDescriptor || number >= kDescriptors + kPorts || is_foreign_number(number);
}
// No handle that this library has given out in this process. For a process that has attached, if it is going to.
inline bool is_foreign(const void* handle) noexcept {
    const auto v = reinterpret_cast<std::uintptr_t>(handle);
    if (is_foreign_value(handle)) return true;
    return v != 0 && v <= std::uintptr_t{shm::kMaxObjects} * 4 &&
           v / 4 > given_end.load(std::memory_order_relaxed);
}

// The next definition; null if there is none. It is asked anew when something has been loaded since.
[[gnu::cold]] void* find(Name name) noexcept;

// A call that is being handed on. While it lives, the last error of the other library is watched.
class Handed {
public:
    // Null for `what` if there is nobody, or if the next one hands such calls back to us, again and again.
    [[gnu::cold]] Handed(Name name, const void* handle) noexcept;
    [[gnu::cold]] ~Handed() noexcept;
    Handed(const Handed&) = delete;
    Handed& operator=(const Handed&) = delete;
    void* what() const noexcept { return what_; }

    struct Depth {
        const void* frame;  // of the outermost call of this kind that is still there
        const void* handle;
        Name name;
        u32 count;
    };

private:
    void* what_;
    Depth before_;
    u32 error_before_ = 0;
    bool watched_ = false;
};

template <class Function>
class Call;
template <class R, class... P>
class Call<R (*)(P...)> {
public:
    Call(Name name, const void* handle) noexcept : handed_(name, handle) {}
    explicit operator bool() const noexcept { return handed_.what() != nullptr; }
    R operator()(P... arguments) const noexcept { return reinterpret_cast<R (*)(P...)>(handed_.what())(arguments...); }

private:
    Handed handed_;
};

}  // namespace winshim::next

// In an export: if the handle is `foreign`, and somebody else defines the function, that is the call's answer.
// `function` is the exported name; `form` a function of ours with its type.
#define WINSHIM_HAND_ON_AS(function, form, foreign, handle, ...)                                              \
    do {                                                                                                      \
        if (WINSHIM_UNLIKELY(foreign))                                                                        \
            if (const ::winshim::next::Call<decltype(&::form)> hand_on{::winshim::next::Name::function, handle}) \
                return hand_on(__VA_ARGS__);                                                                  \
    } while (false)
// In an export that makes something of a family.
#define WINSHIM_LEAVE_AS(function, form, family, ...)                                                         \
    WINSHIM_HAND_ON_AS(function, form, ::winshim::next::is_left(::winshim::next::Family::family), nullptr, __VA_ARGS__)
#define WINSHIM_LEAVE(function, family, ...) WINSHIM_LEAVE_AS(function, function, family, __VA_ARGS__)
#define WINSHIM_HAND_ON(function, handle, ...) \
    WINSHIM_HAND_ON_AS(function, function, ::winshim::next::is_foreign(handle), handle, __VA_ARGS__)
