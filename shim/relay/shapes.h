// shapes.h - the shapes of values as libffi knows them, and call interfaces made from the table.
#pragma once
#include <ffi.h>

#include "shim/relay/signatures.h"

namespace winshim::relay {

inline ffi_type* ffi_type_of(Shape shape) noexcept {
    switch (shape) {
        case Shape::none: return &ffi_type_void;
        case Shape::u8: return &ffi_type_uint8;
        case Shape::u16: return &ffi_type_uint16;
        case Shape::u32: return &ffi_type_uint32;
        case Shape::s32: return &ffi_type_sint32;
        case Shape::u64: return &ffi_type_uint64;
        case Shape::s64: return &ffi_type_sint64;
        case Shape::pointer: return &ffi_type_pointer;
    }
    return &ffi_type_void;
}

// How a function of the table is called in one convention. libffi keeps pointers into it: it stays where it is.
struct Interface {
    ffi_cif cif;
    ffi_type* types[kMostArguments];

    bool prepare(const Function& f, ffi_abi abi) noexcept {
        const unsigned count = f.count();
        for (unsigned i = 0; i < count; ++i) types[i] = ffi_type_of(shape_of(f.arguments[i].kind));
        return ffi_prep_cif(&cif, abi, count, ffi_type_of(shape_of(f.result)), types) == FFI_OK;
    }
};

// Room for any result: libffi widens those that are narrower than a register.
union Result {
    ffi_arg word;
    std::uint64_t wide;
};

}  // namespace winshim::relay
