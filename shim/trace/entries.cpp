// entries.cpp - libffi closures for the functions of the table.
#include "shim/trace/entries.h"

#include <cstdlib>
#include <cstring>

#include "shim/relay/shapes.h"
#include "shim/trace/call.h"

namespace winshim::trace {
namespace {

using relay::kFunctionCount;
using relay::kFunctions;

struct Entry {
    relay::Interface interface;
    void (*real)();
    const relay::Function* function;
};

// Only touched where a function is traced.
Entry entries[kFunctionCount];
std::uint16_t by_name[kFunctionCount];
bool sorted = false;

int compare(const void* a, const void* b) {
    const auto name = [](const void* p) { return kFunctions[*static_cast<const std::uint16_t*>(p)].name; };
    return strcmp(name(a), name(b));
}

void relay_call(ffi_cif* cif, void* result, void** values, void* data) {
    const Entry& entry = *static_cast<Entry*>(data);
    relay::Result got{};
    Call call{*entry.function, values};
    call.begin();
    ffi_call(cif, entry.real, &got, values);
    call.end(&got);
    if (cif->rtype != &ffi_type_void)
        memcpy(result, &got, cif->rtype->size < sizeof(ffi_arg) ? sizeof(ffi_arg) : cif->rtype->size);
}

}  // namespace

int index_of(const char* name) noexcept {
    if (!sorted) {
        for (unsigned i = 0; i < kFunctionCount; ++i) by_name[i] = static_cast<std::uint16_t>(i);
        qsort(by_name, kFunctionCount, sizeof by_name[0], compare);
        sorted = true;
    }
    unsigned low = 0, high = kFunctionCount;
    while (low < high) {
        const unsigned middle = (low + high) / 2;
        const int order = strcmp(kFunctions[by_name[middle]].name, name);
        if (order == 0) return by_name[middle];
        if (order < 0) low = middle + 1;
        else high = middle;
    }
    return -1;
}

void* make_entry(unsigned index, void* real, void* by_list) noexcept {
    const relay::Function& f = kFunctions[index];
    if (f.by_list != nullptr) return variadic_entry(index, by_list);
    Entry& entry = entries[index];
    entry.real = reinterpret_cast<void (*)()>(real);
    entry.function = &f;
    void* code = nullptr;
    auto* const closure = static_cast<ffi_closure*>(ffi_closure_alloc(sizeof(ffi_closure), &code));
    if (closure == nullptr || !entry.interface.prepare(f, FFI_DEFAULT_ABI) ||
        ffi_prep_closure_loc(closure, &entry.interface.cif, relay_call, &entry, code) != FFI_OK)
        return nullptr;
    return code;
}

}  // namespace winshim::trace
