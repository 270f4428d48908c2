// convention.h - what the files of this room share: Microsoft's convention on x86-64, and the real functions.
//
// Purpose     libwinshim-msabi.so has every export of libwinshim under the same name, to be called in Microsoft's
//             convention. Each leads to a libffi closure, which calls the real one in Linux' convention.
// Locks       `making`: closures are made under it. Nothing else is taken under it but malloc's and libffi's own; a
//             fork waits for it.
#pragma once
#include <ffi.h>
#include <pthread.h>

#include <cstdarg>
#include <cstdint>
#include <cstring>

#include "shim/relay/routines.h"
#include "shim/relay/shapes.h"
#include "shim/relay/signatures.h"

#define WINSHIM_MS_ABI __attribute__((ms_abi))

namespace winshim::msabi {

inline constexpr ffi_abi kMicrosoft = FFI_WIN64, kLinux = FFI_DEFAULT_ABI;

extern pthread_mutex_t making;

// The real function, and the module that has it (a link_map).
void* real_function(const char* name) noexcept;
void* real_module() noexcept;

// The entry point called `name`; null if there is none.
void* entry_called(const char* name) noexcept;

// An entry for each function but the variadic ones, which are ordinary functions. Null: no memory.
void* make_closure(const relay::Function& f, void* real) noexcept;
void* variadic_entry(unsigned index, void* by_list) noexcept;

// What calls `routine`, of Microsoft's convention, when it is called in Linux'. One for each routine and kind; it
// stays. Null: no memory, or no routine.
void* callback(void* routine, relay::Kind kind) noexcept;
// The routine that this leads to, if it is such a closure; else what was given.
void* routine_behind(void* code) noexcept;

// Microsoft's va_list is a pointer to the arguments, 8 bytes each: so they lie where Linux' has those that are not in
// registers. Long doubles apart, which have 8 bytes there: nobody's format here takes them.
struct List {
    va_list list;

    explicit List(void* microsoft) noexcept {
        const struct {  // the psABI's va_list: no register is left
            unsigned next_integer, next_vector;
            void *on_stack, *registers;
        } begin{6 * 8, 6 * 8 + 8 * 16, microsoft, nullptr};
        static_assert(sizeof begin == sizeof list);
        memcpy(list, &begin, sizeof list);
    }
};

}  // namespace winshim::msabi
