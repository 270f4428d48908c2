// callbacks.cpp - routines of Microsoft's convention, to be called in Linux'.
//
// Purpose     Threads, pools, timers and searches call the routine that they were given, in Linux' convention. One
//             given by way of an entry of this library expects the other: it gets a closure before it.
// Invariants  There is one closure for a routine and a kind, and it is never freed: a routine may be called as long as
//             the process lives, and nobody says when it is over. Code has an end, and so have these. The same routine
//             gives the same pointer, which SetConsoleCtrlHandler compares.
#include <cstdlib>
#include <cstring>

#include "shim/msabi/convention.h"

namespace winshim::msabi {
namespace {

using relay::Kind;
using relay::Routine;

constexpr unsigned kBuckets = 256;

struct Callback {
    Callback* next;
    void (*routine)();
    Kind kind;
    void* code;
    ffi_cif outside, inside;  // Linux', as it is called; Microsoft's, as the routine is
    ffi_type* types[6];
};

Callback* buckets[kBuckets];

void relay_callback(ffi_cif* cif, void* result, void** values, void* data) {
    auto& callback = *static_cast<Callback*>(data);
    relay::Result got{};
    ffi_call(&callback.inside, callback.routine, &got, values);
    if (cif->rtype != &ffi_type_void) memcpy(result, &got.word, sizeof got.word);
}

bool prepare(Callback& callback, void* closure) noexcept {
    const Routine routine = relay::routine_of(callback.kind);
    for (unsigned i = 0; i < routine.count; ++i) callback.types[i] = relay::ffi_type_of(routine.arguments[i]);
    ffi_type* const result = relay::ffi_type_of(routine.result);
    return ffi_prep_cif(&callback.outside, kLinux, routine.count, result, callback.types) == FFI_OK &&
           ffi_prep_cif(&callback.inside, kMicrosoft, routine.count, result, callback.types) == FFI_OK &&
           ffi_prep_closure_loc(static_cast<ffi_closure*>(closure), &callback.outside, relay_callback, &callback,
                                callback.code) == FFI_OK;
}

Callback* make(void* routine, Kind kind) noexcept {
    auto* const callback = static_cast<Callback*>(calloc(1, sizeof(Callback)));
    if (callback == nullptr) return nullptr;
    callback->routine = reinterpret_cast<void (*)()>(routine);
    callback->kind = kind;
    void* const closure = ffi_closure_alloc(sizeof(ffi_closure), &callback->code);
    if (closure != nullptr && prepare(*callback, closure)) return callback;
    if (closure != nullptr) ffi_closure_free(closure);
    free(callback);
    return nullptr;
}

}  // namespace

void* callback(void* routine, Kind kind) noexcept {
    Callback*& first = buckets[(reinterpret_cast<std::uintptr_t>(routine) >> 4) % kBuckets];
    pthread_mutex_lock(&making);
    Callback* found = first;
    while (found != nullptr && (reinterpret_cast<void*>(found->routine) != routine || found->kind != kind))
        found = found->next;
    if (found == nullptr && (found = make(routine, kind)) != nullptr) {
        found->next = first;
        first = found;
    }
    pthread_mutex_unlock(&making);
    return found == nullptr ? nullptr : found->code;
}

void* routine_behind(void* code) noexcept {
    pthread_mutex_lock(&making);
    void* routine = code;
    for (const Callback* bucket : buckets)
        for (const Callback* at = bucket; at != nullptr; at = at->next)
            if (at->code == code) routine = reinterpret_cast<void*>(at->routine);
    pthread_mutex_unlock(&making);
    return routine;
}

}  // namespace winshim::msabi
