// call.cpp - one call: from Microsoft's convention into Linux', callbacks and lists of arguments converted.
#include <cstddef>
#include <cstdio>
#include <cstring>

#include "shim/msabi/convention.h"

#include "winapi_headers/windows.h"

namespace winshim::msabi {
namespace {

using relay::Kind;

struct Entry {
    relay::Interface outside, inside;  // Microsoft's, Linux'
    void (*real)();
    const relay::Function* function;
    const char* forms;  // of GetProcAddress: the ending of the names that it looks for first; else null
};

// Only touched where a function is called.
Entry entries[relay::kFunctionCount];

template <class T>
T load(const void* at) noexcept {
    T value;
    memcpy(&value, at, sizeof value);
    return value;
}

// An environment for callbacks: a copy of it, with the callbacks in it converted. It is not kept by who is given it.
bool convert(TP_CALLBACK_ENVIRON& to, const TP_CALLBACK_ENVIRON* from) noexcept {
    memcpy(&to, from, from->Version >= 3 ? sizeof to : offsetof(TP_CALLBACK_ENVIRON, CallbackPriority));
    const auto convert_one = [](auto& routine) {
        if (routine == nullptr) return true;
        void* const made = callback(reinterpret_cast<void*>(routine), Kind::simple_callback);
        memcpy(&routine, &made, sizeof made);
        return made != nullptr;
    };
    return convert_one(to.CleanupGroupCancelCallback) && convert_one(to.FinalizationCallback);
}

// The place of an argument that is not passed on as it is.
struct Replaced {
    void* pointer = nullptr;
    List list{nullptr};
    TP_CALLBACK_ENVIRON environment;
};

// False: no memory. `at` is led to the converted value where there is one.
bool convert(Kind kind, void** values, unsigned i, void*& at, Replaced& replaced) noexcept {
    void* const value = relay::shape_of(kind) == relay::Shape::pointer ? load<void*>(values[i]) : nullptr;
    if (value == nullptr) return true;
    switch (kind) {
        case Kind::list:
            replaced.list = List{value};
            replaced.pointer = &replaced.list;
            break;
        case Kind::message_list:  // FormatMessage: an array is the same in both conventions
            if ((load<std::uint32_t>(values[0]) & FORMAT_MESSAGE_ARGUMENT_ARRAY) != 0) return true;
            replaced.list = List{load<void*>(value)};
            replaced.pointer = &replaced.list;
            break;
        case Kind::environment:
            if (!convert(replaced.environment, static_cast<const TP_CALLBACK_ENVIRON*>(value))) return false;
            replaced.pointer = &replaced.environment;
            break;
        default:
            if (relay::routine_of(kind).count == 0) return true;
            replaced.pointer = callback(value, kind);
            if (replaced.pointer == nullptr) return false;
    }
    at = &replaced.pointer;
    return true;
}

void no_memory() noexcept {
    reinterpret_cast<void (*)(DWORD)>(real_function("SetLastError"))(ERROR_NOT_ENOUGH_MEMORY);
}

// What GetProcAddress finds in libwinshim is called by who has asked: it has to be an entry of this convention, too.
void* entry_instead(const Entry& entry, void** values, void* found) noexcept {
    const auto* const name = load<const char*>(values[1]);
    if (found == nullptr || load<void*>(values[0]) != real_module()) return found;
    char fitting[256];
    if (snprintf(fitting, sizeof fitting, "%s%s", name, entry.forms) >= static_cast<int>(sizeof fitting)) return found;
    if (void* const entry_of_form = entry_called(fitting)) return entry_of_form;
    void* const same = entry_called(name);
    return same != nullptr ? same : found;
}

void enter(ffi_cif* cif, void* result, void** values, void* data) {
    const Entry& entry = *static_cast<Entry*>(data);
    void* passed[relay::kMostArguments];
    Replaced replaced[3];  // no function takes more: a routine, an environment
    unsigned used = 0;
    relay::Result got{};
    bool converted = true;
    for (unsigned i = 0; i < cif->nargs && converted; ++i) {
        passed[i] = values[i];
        converted = convert(entry.function->arguments[i].kind, values, i, passed[i], replaced[used]);
        if (passed[i] != values[i]) ++used;
    }
    if (converted) ffi_call(const_cast<ffi_cif*>(&entry.inside.cif), entry.real, &got, passed);
    else no_memory();
    if (entry.forms != nullptr)
        got.word = reinterpret_cast<ffi_arg>(entry_instead(entry, values, reinterpret_cast<void*>(got.word)));
    if (relay::routine_of(entry.function->result).count != 0)  // a routine given earlier, handed back
        got.word = reinterpret_cast<ffi_arg>(routine_behind(reinterpret_cast<void*>(got.word)));
    if (cif->rtype != &ffi_type_void) memcpy(result, &got.word, sizeof got.word);
}

}  // namespace

void* make_closure(const relay::Function& f, void* real) noexcept {
    Entry* const entry = &entries[&f - relay::kFunctions];
    void* code = nullptr;
    auto* const closure = static_cast<ffi_closure*>(ffi_closure_alloc(sizeof(ffi_closure), &code));
    if (closure == nullptr) return nullptr;
    entry->real = reinterpret_cast<void (*)()>(real);
    entry->function = &f;
    if (strncmp(f.name, "GetProcAddress", 14) == 0) entry->forms = f.width == 4 ? "_utf32" : "_utf16";
    const bool made = entry->outside.prepare(f, kMicrosoft) && entry->inside.prepare(f, kLinux) &&
                      ffi_prep_closure_loc(closure, &entry->outside.cif, enter, entry, code) == FFI_OK;
    return made ? code : nullptr;
}

}  // namespace winshim::msabi
