// routines.h - how the callbacks are called that functions of the table take: by the kind of the argument.
#pragma once
#include "shim/relay/signatures.h"

namespace winshim::relay {

struct Routine {
    Shape result = Shape::none;
    std::uint8_t count = 0;  // 0: the kind is no callback; every callback has an argument
    Shape arguments[6] = {};
};

// WINSHIM_ROUTINE(kind, result, arguments...)
#define WINSHIM_ROUTINES(ROUTINE) \
    ROUTINE(thread_routine, u32, Shape::pointer) \
    ROUTINE(plain_routine, none, Shape::pointer) \
    ROUTINE(plain_ex_routine, u32, Shape::pointer) \
    ROUTINE(apc_routine, none, Shape::pointer) \
    ROUTINE(timer_routine, none, Shape::pointer, Shape::u32, Shape::u32) \
    ROUTINE(wait_or_timer, none, Shape::pointer, Shape::u8) \
    ROUTINE(simple_callback, none, Shape::pointer, Shape::pointer) \
    ROUTINE(work_callback, none, Shape::pointer, Shape::pointer, Shape::pointer) \
    ROUTINE(timer_callback, none, Shape::pointer, Shape::pointer, Shape::pointer) \
    ROUTINE(wait_callback, none, Shape::pointer, Shape::pointer, Shape::pointer, Shape::u32) \
    ROUTINE(fls_callback, none, Shape::pointer) \
    ROUTINE(control_handler, s32, Shape::u32) \
    ROUTINE(once_routine, s32, Shape::pointer, Shape::pointer, Shape::pointer) \
    ROUTINE(exception_handler, s32, Shape::pointer) \
    ROUTINE(wait_chain_callback, none, Shape::pointer, Shape::pointer, Shape::u32, Shape::pointer, Shape::pointer, \
            Shape::pointer)

constexpr Routine routine_of(Kind kind) noexcept {
    switch (kind) {
#define WINSHIM_ROUTINE(kind, result, ...) \
    case Kind::kind: { \
        constexpr Shape shapes[] = {__VA_ARGS__}; \
        Routine routine{Shape::result, sizeof shapes, {__VA_ARGS__}}; \
        return routine; \
    }
        WINSHIM_ROUTINES(WINSHIM_ROUTINE)
#undef WINSHIM_ROUTINE
        default: return {};
    }
}

}  // namespace winshim::relay
