// signatures.h - the one table of all exports: name, result, arguments with name and kind.
//
// Purpose     What relays calls without being told about each of them reads this: the trace (shim/trace), which has
//             to show arguments, and the entry points in Microsoft's convention (shim/msabi), which have to pass
//             them on. A kind says how a value is passed (its shape) and what it means.
// Invariants  Every name of export.map is here, and nothing else; counts and types agree with the declarations in
//             winapi_headers (tests/test_signatures.sh).
// Forms       The table has a line for each function, not for each export. What a line stands for:
//               FUNCTION             NAME
//               TEXT_FUNCTION        NAME and NAMEA (char), NAMEW (2-byte units), NAMEW_utf32 (4-byte units)
//               MIXED_FUNCTION       those, and NAMEA_utf16: char, with 2-byte units where it takes wide text besides
//               WIDE_FUNCTION        NAME (2-byte units), NAME_utf32 (4-byte units)
//               PRINT_FUNCTION       as MIXED_FUNCTION, and what follows the arguments listed is the caller's choice;
//                                    with the name of the function that takes the same as a list
//               WIDE_PRINT_FUNCTION  as WIDE_FUNCTION, likewise
//               ONE_PRINT_FUNCTION   as FUNCTION, likewise
#pragma once
#include <cstddef>
#include <cstdint>

namespace winshim::relay {

// How a value is passed.
enum class Shape : std::uint8_t { none, u8, u16, u32, s32, u64, s64, pointer };

// KIND(name, shape): values and pointers to values; out_ ones are looked at when the call has returned.
#define WINSHIM_KINDS(KIND) \
    KIND(nothing, none) KIND(never, none) /* the call does not return */ \
    KIND(handle, pointer) KIND(file, pointer) /* a handle that may be INVALID_HANDLE_VALUE */ \
    KIND(handles, pointer) /* an array, of as many as the argument before it says */ \
    KIND(name, pointer) KIND(text, pointer) KIND(text8, pointer) /* of the form's width; always char */ \
    KIND(module_name, pointer) KIND(text_out, pointer) \
    KIND(boolean, s32) KIND(boolean8, u8) KIND(byte, u8) KIND(word, u16) KIND(dword, u32) KIND(int32, s32) \
    KIND(qword, u64) KIND(large, s64) KIND(size, pointer) KIND(uintptr, pointer) KIND(pointer, pointer) \
    KIND(os_handle, pointer) /* a handle that is declared as an integer */ \
    KIND(milliseconds, u32) KIND(error, u32) KIND(wait_result, u32) KIND(idle_result, u32) KIND(hresult, s32) \
    KIND(flags, u32) \
    KIND(access, u32) KIND(access_event, u32) KIND(access_mutex, u32) KIND(access_semaphore, u32) \
    KIND(access_timer, u32) KIND(access_mapping, u32) KIND(access_thread, u32) KIND(access_process, u32) \
    KIND(access_file, u32) \
    KIND(event_flags, u32) KIND(mutex_flags, u32) KIND(timer_flags, u32) KIND(event_function, u32) \
    KIND(handle_flags, u32) KIND(duplicate_options, u32) KIND(creation_flags, u32) KIND(priority_class, u32) \
    KIND(protection, u32) KIND(allocation, u32) KIND(disposition, u32) KIND(share_mode, u32) KIND(std_handle, u32) \
    KIND(pool_flags, u32) \
    KIND(security, pointer) KIND(due_time, pointer) KIND(process_information, pointer) \
    KIND(out_handle, pointer) KIND(out_pointer, pointer) KIND(out_dword, pointer) KIND(out_long, pointer) \
    KIND(out_boolean, pointer) KIND(out_size, pointer) KIND(out_large, pointer) \
    KIND(section, pointer) KIND(srw_lock, pointer) KIND(condition, pointer) KIND(once, pointer) \
    KIND(barrier, pointer) KIND(address, pointer) KIND(pool_object, pointer) KIND(environment, pointer) \
    KIND(list, pointer) KIND(message_list, pointer) /* va_list; a pointer to one, or to an array */ \
    KIND(thread_routine, pointer) KIND(plain_routine, pointer) KIND(plain_ex_routine, pointer) \
    KIND(apc_routine, pointer) KIND(timer_routine, pointer) KIND(wait_or_timer, pointer) \
    KIND(simple_callback, pointer) KIND(work_callback, pointer) KIND(timer_callback, pointer) \
    KIND(wait_callback, pointer) KIND(fls_callback, pointer) KIND(control_handler, pointer) \
    KIND(once_routine, pointer) KIND(exception_handler, pointer) KIND(wait_chain_callback, pointer)

#define WINSHIM_KIND(name, shape) name,
enum class Kind : std::uint8_t { WINSHIM_KINDS(WINSHIM_KIND) };
#undef WINSHIM_KIND

#define WINSHIM_KIND(name, shape) Shape::shape,
inline constexpr Shape kShapes[] = {WINSHIM_KINDS(WINSHIM_KIND)};
#undef WINSHIM_KIND
inline constexpr std::size_t kKinds = sizeof kShapes / sizeof kShapes[0];

constexpr Shape shape_of(Kind kind) noexcept { return kShapes[static_cast<unsigned>(kind)]; }

struct Argument {
    const char* name = nullptr;
    Kind kind = Kind::nothing;
};
inline constexpr unsigned kMostArguments = 11;

struct Function {
    const char* name;
    Kind result;
    std::uint8_t width;   // bytes of a unit of its text
    const char* by_list;  // variadic: the function that takes a va_list in the same place; else null
    Argument arguments[kMostArguments];

    constexpr unsigned count() const noexcept {
        unsigned n = 0;
        while (n < kMostArguments && arguments[n].name != nullptr) ++n;
        return n;
    }
};

// Names are handed on by # and ## alone: the headers make macros of some of them.
#define A(kind, name) {#name, Kind::kind}
#define WINSHIM_ROW(text, width, by, result, ...) {text, Kind::result, width, by, {__VA_ARGS__}},
#define FUNCTION(result, name, ...) WINSHIM_ROW(#name, 1, nullptr, result, __VA_ARGS__)
#define TEXT_FUNCTION(result, name, ...) \
    WINSHIM_ROW(#name, 1, nullptr, result, __VA_ARGS__) \
    WINSHIM_ROW(#name "A", 1, nullptr, result, __VA_ARGS__) \
    WINSHIM_ROW(#name "W", 2, nullptr, result, __VA_ARGS__) \
    WINSHIM_ROW(#name "W_utf32", 4, nullptr, result, __VA_ARGS__)
#define MIXED_FUNCTION(result, name, ...) \
    TEXT_FUNCTION(result, name, __VA_ARGS__) \
    WINSHIM_ROW(#name "A_utf16", 1, nullptr, result, __VA_ARGS__)
#define WIDE_FUNCTION(result, name, ...) \
    WINSHIM_ROW(#name, 2, nullptr, result, __VA_ARGS__) \
    WINSHIM_ROW(#name "_utf32", 4, nullptr, result, __VA_ARGS__)
#define PRINT_FUNCTION(result, name, by, ...) \
    WINSHIM_ROW(#name, 1, #by, result, __VA_ARGS__) \
    WINSHIM_ROW(#name "A", 1, #by "A", result, __VA_ARGS__) \
    WINSHIM_ROW(#name "W", 2, #by "W", result, __VA_ARGS__) \
    WINSHIM_ROW(#name "W_utf32", 4, #by "W_utf32", result, __VA_ARGS__) \
    WINSHIM_ROW(#name "A_utf16", 1, #by "A_utf16", result, __VA_ARGS__)
#define ONE_PRINT_FUNCTION(result, name, by, ...) WINSHIM_ROW(#name, 1, #by, result, __VA_ARGS__)
#define WIDE_PRINT_FUNCTION(result, name, by, ...) \
    WINSHIM_ROW(#name, 2, #by, result, __VA_ARGS__) \
    WINSHIM_ROW(#name "_utf32", 4, #by "_utf32", result, __VA_ARGS__)

inline constexpr Function kFunctions[] = {
#include "shim/relay/table.def"
};
inline constexpr unsigned kFunctionCount = sizeof kFunctions / sizeof kFunctions[0];

#undef A
#undef WINSHIM_ROW
#undef FUNCTION
#undef TEXT_FUNCTION
#undef MIXED_FUNCTION
#undef WIDE_FUNCTION
#undef PRINT_FUNCTION
#undef ONE_PRINT_FUNCTION
#undef WIDE_PRINT_FUNCTION

}  // namespace winshim::relay
