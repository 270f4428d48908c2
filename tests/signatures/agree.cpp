// agree.cpp - does the table of signatures say what the declarations in winapi_headers say? Compiled, never run.
//
// Every line of the table becomes assertions on decltype(&FUNCTION): the number of arguments, and each type against its
// kind. A kind that stands for one type must meet just that; text must have units of the form's width. Functions of
// which there is a char and a wide form are looked at in both. With -DWRONG=n a line is added that is wrong.
#include "shim/relay/routines.h"

#include <stdarg.h>
#include <stdio.h>
#include <type_traits>

#include "winapi_headers/windows.h"

#include "winapi_headers/conio.h"
#include "winapi_headers/intrin.h"
#include "winapi_headers/io.h"
#include "winapi_headers/process.h"
#include "winapi_headers/shellapi.h"
#include "winapi_headers/strsafe.h"
#include "winapi_headers/timeapi.h"
#include "winapi_headers/wct.h"
#include "winapi_headers/winshim.h"
#include "winapi_headers/winshim_ce.h"
#include "winapi_headers/winshim_crt.h"
#include "winapi_headers/winshim_wide.h"

namespace {

using winshim::relay::Kind;
using winshim::relay::Shape;

struct Row {
    Kind result;
    bool variadic;
    unsigned count;
    Kind kinds[16];
};

template <class T, class... Types>
constexpr bool is_one_of = (std::is_same_v<T, Types> || ...);
template <class T>
constexpr bool is_routine = std::is_pointer_v<T> && std::is_function_v<std::remove_pointer_t<T>>;
using List = std::decay_t<va_list>;

// T fits the shape of the kind.
template <class T>
consteval bool has_shape(Kind kind) {
    constexpr bool number = std::is_integral_v<T> || std::is_enum_v<T>;
    switch (winshim::relay::shape_of(kind)) {
        case Shape::none: return std::is_void_v<T>;
        case Shape::u8: return is_one_of<T, unsigned char>;
        case Shape::u16: return is_one_of<T, unsigned short>;
        case Shape::u32: return number && sizeof(T) == 4 && !is_one_of<T, int>;
        case Shape::s32: return is_one_of<T, int>;
        case Shape::u64: return number && std::is_unsigned_v<T> && sizeof(T) == 8;
        case Shape::s64: return is_one_of<T, LARGE_INTEGER, LONGLONG>;
        case Shape::pointer: return std::is_pointer_v<T> || (number && sizeof(T) == sizeof(void*));
    }
    return false;
}
template <>
consteval bool has_shape<void>(Kind kind) {
    return winshim::relay::shape_of(kind) == Shape::none;
}

// T is what the kind stands for, where that is one type.
template <class T, class Unit>
consteval bool has_type(Kind kind) {
    switch (kind) {
        case Kind::handle:
        case Kind::file: return is_one_of<T, HANDLE>;
        case Kind::handles: return is_one_of<T, const HANDLE*>;
        case Kind::name: return is_one_of<T, const Unit*>;
        case Kind::text: return is_one_of<T, const Unit*, Unit*>;
        case Kind::module_name: return is_one_of<T, const Unit*>;
        case Kind::text8: return is_one_of<T, const char*>;
        case Kind::text_out: return is_one_of<T, Unit*>;
        case Kind::boolean: return is_one_of<T, BOOL>;
        case Kind::boolean8: return is_one_of<T, BOOLEAN>;
        case Kind::large: return is_one_of<T, LARGE_INTEGER>;
        case Kind::size: return is_one_of<T, SIZE_T, size_t>;
        case Kind::uintptr: return is_one_of<T, ULONG_PTR, uintptr_t>;
        case Kind::pointer: return std::is_pointer_v<T> && (!is_routine<T> || is_one_of<T, FARPROC>);
        case Kind::security: return is_one_of<T, LPSECURITY_ATTRIBUTES>;
        case Kind::due_time: return is_one_of<T, const LARGE_INTEGER*, PFILETIME>;
        case Kind::process_information: return is_one_of<T, LPPROCESS_INFORMATION>;
        case Kind::out_handle:
        case Kind::out_pointer: return is_one_of<T, HANDLE*>;
        case Kind::out_dword: return is_one_of<T, DWORD*>;
        case Kind::out_long:
        case Kind::out_boolean: return is_one_of<T, int*>;
        case Kind::out_size: return is_one_of<T, size_t*>;
        case Kind::out_large: return is_one_of<T, LARGE_INTEGER*>;
        case Kind::section: return is_one_of<T, LPCRITICAL_SECTION>;
        case Kind::srw_lock: return is_one_of<T, PSRWLOCK>;
        case Kind::condition: return is_one_of<T, PCONDITION_VARIABLE>;
        case Kind::once: return is_one_of<T, PINIT_ONCE>;
        case Kind::barrier: return is_one_of<T, LPSYNCHRONIZATION_BARRIER>;
        case Kind::address: return is_one_of<T, void*, volatile void*>;
        case Kind::environment: return is_one_of<T, PTP_CALLBACK_ENVIRON>;
        case Kind::list: return is_one_of<T, List>;
        case Kind::message_list: return is_one_of<T, va_list*>;
        case Kind::thread_routine: return is_one_of<T, LPTHREAD_START_ROUTINE>;
        case Kind::plain_routine: return is_one_of<T, _beginthread_proc_type>;
        case Kind::plain_ex_routine: return is_one_of<T, _beginthreadex_proc_type>;
        case Kind::apc_routine: return is_one_of<T, PAPCFUNC>;
        case Kind::timer_routine: return is_one_of<T, PTIMERAPCROUTINE>;
        case Kind::wait_or_timer: return is_one_of<T, WAITORTIMERCALLBACK>;
        case Kind::simple_callback: return is_one_of<T, PTP_SIMPLE_CALLBACK>;
        case Kind::work_callback: return is_one_of<T, PTP_WORK_CALLBACK>;
        case Kind::timer_callback: return is_one_of<T, PTP_TIMER_CALLBACK>;
        case Kind::wait_callback: return is_one_of<T, PTP_WAIT_CALLBACK>;
        case Kind::fls_callback: return is_one_of<T, PFLS_CALLBACK_FUNCTION>;
        case Kind::control_handler: return is_one_of<T, PHANDLER_ROUTINE>;
        case Kind::once_routine: return is_one_of<T, PINIT_ONCE_FN>;
        case Kind::exception_handler: return is_one_of<T, PVECTORED_EXCEPTION_HANDLER, LPTOP_LEVEL_EXCEPTION_FILTER>;
        case Kind::wait_chain_callback: return is_one_of<T, PWAITCHAINCALLBACK>;
        case Kind::os_handle: return is_one_of<T, intptr_t>;
        default: return !is_routine<T>;
    }
}

template <class T, class Unit>
consteval bool fits(Kind kind) {
    return has_shape<T>(kind) && has_type<T, Unit>(kind);
}

template <class Unit, class Result, class... Arguments>
consteval bool all_fit(const Row& row, bool variadic) {
    if (row.count != sizeof...(Arguments) || row.variadic != variadic || !fits<Result, Unit>(row.result)) return false;
    unsigned at = 0;
    return (fits<Arguments, Unit>(row.kinds[at++]) && ...);
}
template <class Unit, class Result, class... Arguments>
consteval bool agrees(Result (*)(Arguments...), const Row& row) {
    return all_fit<Unit, Result, Arguments...>(row, false);
}
template <class Unit, class Result, class... Arguments>
consteval bool agrees(Result (*)(Arguments..., ...), const Row& row) {
    return all_fit<Unit, Result, Arguments...>(row, true);
}
template <class... Kinds>
consteval Row row(Kind result, bool variadic, Kinds... kinds) {
    return {result, variadic, sizeof...(Kinds), {kinds...}};
}

}  // namespace

#define A(kind, name) Kind::kind
#define AGREES(function, unit, variadic, result, ...) \
    static_assert(agrees<unit>(&function, row(Kind::result, variadic __VA_OPT__(, ) __VA_ARGS__)), #function);
#define FUNCTION(result, name, ...) AGREES(name, char, false, result, __VA_ARGS__)
#define TEXT_FUNCTION(result, name, ...)                 \
    AGREES(name##A, char, false, result, __VA_ARGS__)    \
    AGREES(name##W, wchar_t, false, result, __VA_ARGS__)
#define MIXED_FUNCTION(result, name, ...)                \
    AGREES(name##A, char, false, result, __VA_ARGS__)    \
    AGREES(name##W, wchar_t, false, result, __VA_ARGS__)
#define WIDE_FUNCTION(result, name, ...) AGREES(name, wchar_t, false, result, __VA_ARGS__)
#define PRINT_FUNCTION(result, name, by, ...)                                   \
    AGREES(name##A, char, true, result, __VA_ARGS__)                            \
    AGREES(name##W, wchar_t, true, result, __VA_ARGS__)                         \
    AGREES(by##A, char, false, result, __VA_ARGS__, Kind::list)                 \
    AGREES(by##W, wchar_t, false, result, __VA_ARGS__, Kind::list)
#define ONE_PRINT_FUNCTION(result, name, by, ...)       \
    AGREES(name, char, true, result, __VA_ARGS__)       \
    AGREES(by, char, false, result, __VA_ARGS__, Kind::list)
#define WIDE_PRINT_FUNCTION(result, name, by, ...)         \
    AGREES(name, wchar_t, true, result, __VA_ARGS__)       \
    AGREES(by, wchar_t, false, result, __VA_ARGS__, Kind::list)

#include "shim/relay/table.def"

// ---- the callbacks ----
namespace {
template <class Result, class... Arguments>
consteval bool is_called_so(Result (*)(Arguments...), winshim::relay::Routine routine) {
    const auto is = [](Shape shape, auto* type) {
        using T = std::remove_pointer_t<decltype(type)>;
        switch (shape) {
            case Shape::u8: return is_one_of<T, unsigned char>;
            case Shape::u32: return is_one_of<T, unsigned>;
            case Shape::s32: return is_one_of<T, int>;
            case Shape::pointer: return std::is_pointer_v<T> || is_one_of<T, ULONG_PTR>;
            case Shape::none: return std::is_void_v<T>;
            default: return false;
        }
    };
    if (routine.count != sizeof...(Arguments) || !is(routine.result, static_cast<Result*>(nullptr))) return false;
    unsigned at = 0;
    return (is(routine.arguments[at++], static_cast<Arguments*>(nullptr)) && ...);
}
}  // namespace
#define CALLED(type, kind) \
    static_assert(is_called_so(static_cast<type>(nullptr), winshim::relay::routine_of(Kind::kind)), #type);
CALLED(LPTHREAD_START_ROUTINE, thread_routine)
CALLED(_beginthread_proc_type, plain_routine)
CALLED(_beginthreadex_proc_type, plain_ex_routine)
CALLED(PAPCFUNC, apc_routine)
CALLED(PTIMERAPCROUTINE, timer_routine)
CALLED(WAITORTIMERCALLBACK, wait_or_timer)
CALLED(PTP_SIMPLE_CALLBACK, simple_callback)
CALLED(PTP_CLEANUP_GROUP_CANCEL_CALLBACK, simple_callback)  // in an environment: two pointers, too
CALLED(PTP_WORK_CALLBACK, work_callback)
CALLED(PTP_TIMER_CALLBACK, timer_callback)
CALLED(PTP_WAIT_CALLBACK, wait_callback)
CALLED(PFLS_CALLBACK_FUNCTION, fls_callback)
CALLED(PHANDLER_ROUTINE, control_handler)
CALLED(PINIT_ONCE_FN, once_routine)
CALLED(PVECTORED_EXCEPTION_HANDLER, exception_handler)
CALLED(LPTOP_LEVEL_EXCEPTION_FILTER, exception_handler)
CALLED(PWAITCHAINCALLBACK, wait_chain_callback)

#if WRONG == 1
FUNCTION(boolean, SetEvent, A(dword, hEvent))
#elif WRONG == 2
FUNCTION(boolean, SetEvent, A(handle, hEvent), A(dword, more))
#elif WRONG == 3
FUNCTION(dword, SetEvent, A(handle, hEvent))
#elif WRONG == 4
FUNCTION(dword, QueueUserAPC, A(thread_routine, pfnAPC), A(handle, hThread), A(uintptr, dwData))
#elif WRONG == 5
TEXT_FUNCTION(int32, lstrlen, A(text8, lpString))
#elif WRONG == 7
CALLED(PTP_WAIT_CALLBACK, timer_callback)
#elif WRONG == 6
FUNCTION(int32, wsprintfA, A(text_out, lpOut), A(text, lpFmt))
#endif
