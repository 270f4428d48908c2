// modules.cpp - the program and its shared libraries (libloaderapi.h).
//
// A module handle is the dynamic linker's own (glibc: the address of its link_map). Windows' own libraries are this
// one: what they export and it has is found here, and what it has not is not.
// Source      "GetModuleHandleW", "GetModuleHandleExW", "LoadLibraryExW", "FreeLibrary", "GetProcAddress",
//             "GetModuleFileNameW".
#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shim/file/beside.h"
#include "shim/file/path.h"
#include "shim/next/next.h"

namespace winshim::file {
namespace {

using Module = link_map*;

HMODULE handle_of_module(Module m) noexcept { return reinterpret_cast<HMODULE>(m); }

Module module_at(const void* address) noexcept {
    Dl_info info;
    void* found = nullptr;
    return dladdr1(address, &info, &found, RTLD_DL_LINKMAP) != 0 ? static_cast<Module>(found) : nullptr;
}
Module this_library() noexcept { return module_at(reinterpret_cast<const void*>(&GetProcAddress)); }
Module the_program() noexcept {
    void* const program = dlopen(nullptr, RTLD_LAZY);
    if (program != nullptr) dlclose(program);
    return static_cast<Module>(program);
}

// Whether a handle is that of a module which is loaded. The dynamic linker's list is walked inside dl_iterate_phdr: it
// holds the lock that keeps the list as it is.
bool is_loaded(HMODULE handle) noexcept {
    struct Question {
        const void* wanted;
        const link_map* program;
        bool found;
    } question{handle, the_program(), false};
    dl_iterate_phdr(
        [](dl_phdr_info*, size_t, void* q) {
            auto* const ask = static_cast<Question*>(q);
            for (const link_map* m = ask->program; m != nullptr; m = m->l_next) ask->found |= m == ask->wanted;
            return 1;
        },
        &question);
    return question.found;
}

// kernel32, KERNEL32.DLL: the last part of a path, with or without .dll.
bool is_windows_own(const char* path) noexcept {
    const char* const slash = strrchr(path, '/');
    const char* const name = slash != nullptr ? slash + 1 : path;
    std::size_t length = strlen(name);
    if (length > 4 && strcasecmp(name + length - 4, ".dll") == 0) length -= 4;
    for (const char* const known : {"kernel32", "kernelbase", "ntdll", "coredll", "user32", "advapi32", "shell32"})
        if (strlen(known) == length && strncasecmp(name, known, length) == 0) return true;
    return strncasecmp(name, "api-ms-win-", 11) == 0;
}

// dlopen of "DIRECTORY NAME", the parts that are there.
Module try_open(const char* directory, const char* prefix, const char* name, int length, const char* suffix,
                int mode) noexcept {
    char path[PATH_MAX];
    const int all = snprintf(path, sizeof path, "%s%s%.*s%s", directory, prefix, length, name, suffix);
    return all < static_cast<int>(sizeof path) ? static_cast<Module>(dlopen(path, mode)) : nullptr;
}

// NAME as it stands; then NAME.dll, or NAME without an ending, as NAME.so and libNAME.so.
Module try_names(const char* directory, const char* name, int mode) noexcept {
    const auto length = static_cast<int>(strlen(name));
    if (Module m = try_open(directory, "", name, length, "", mode)) return m;
    const bool dll = length > 4 && strcasecmp(name + length - 4, ".dll") == 0;
    if (!dll && strchr(name, '.') != nullptr) return nullptr;
    const int stem = dll ? length - 4 : length;
    if (Module m = try_open(directory, "", name, stem, ".so", mode)) return m;
    return try_open(directory, "lib", name, stem, ".so", mode);
}

// The directory of the program, with a slash at its end.
bool program_directory(char (&directory)[PATH_MAX]) noexcept {
    const ssize_t length = readlink("/proc/self/exe", directory, sizeof directory - 1);
    if (length <= 0) return false;
    directory[length] = '\0';
    *(strrchr(directory, '/') + 1) = '\0';
    return true;
}

// A name without a directory is looked for beside the program first, as on Windows, and then where the dynamic linker
// looks.
Module open_module(const char* path, int mode) noexcept {
    const char* const slash = strrchr(path, '/');
    char directory[PATH_MAX];
    if (slash != nullptr) {
        const auto length = static_cast<std::size_t>(slash + 1 - path);
        if (length >= sizeof directory) return nullptr;
        memcpy(directory, path, length);
        directory[length] = '\0';
        return try_names(directory, slash + 1, mode);
    }
    if (is_ms_abi_name(path)) return static_cast<Module>(open_beside(kMsAbiLibrary, mode));
    if (program_directory(directory))
        if (Module m = try_names(directory, path, mode)) return m;
    return try_names("", path, mode);
}

constexpr DWORD kLoadFlags = LOAD_WITH_ALTERED_SEARCH_PATH | LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR |
                             LOAD_LIBRARY_SEARCH_APPLICATION_DIR | LOAD_LIBRARY_SEARCH_USER_DIRS |
                             LOAD_LIBRARY_SEARCH_SYSTEM32 | LOAD_LIBRARY_SEARCH_DEFAULT_DIRS;

template <class C>
HMODULE load(const C* name, DWORD flags) noexcept {
    const KeepErrno keep;
    const Uncancelled uncancelled;
    if ((flags & ~kLoadFlags) != 0) return failed(ERROR_NOT_SUPPORTED);
    const Path path{name};
    if (path.error() != 0) return failed(path.error() == ERROR_PATH_NOT_FOUND ? ERROR_MOD_NOT_FOUND : path.error());
    if (is_windows_own(path.data())) return handle_of_module(this_library());
    if (Module m = open_module(path.data(), RTLD_LAZY | RTLD_LOCAL)) return handle_of_module(m);
    return failed(strchr(path.data(), '/') != nullptr && access(path.data(), R_OK) == 0 ? ERROR_BAD_EXE_FORMAT
                                                                                         : ERROR_MOD_NOT_FOUND);
}

template <class C>
HMODULE loaded(const C* name) noexcept {
    const KeepErrno keep;
    const Uncancelled uncancelled;
    if (name == nullptr) return handle_of_module(the_program());
    const Path path{name};
    if (path.error() != 0) return failed(ERROR_MOD_NOT_FOUND);
    if (is_windows_own(path.data())) return handle_of_module(this_library());
    Module const m = open_module(path.data(), RTLD_LAZY | RTLD_NOLOAD);
    if (m == nullptr) return failed(ERROR_MOD_NOT_FOUND);
    dlclose(m);
    return handle_of_module(m);
}

// Counts one more user of a module, or keeps it for good. False: not loaded.
bool hold(Module m, bool for_good) noexcept {
    const char* const name = m->l_name[0] == '\0' ? nullptr : m->l_name;
    return dlopen(name, RTLD_LAZY | RTLD_NOLOAD | (for_good ? RTLD_NODELETE : 0)) == m;
}

template <class C>
BOOL loaded_ex(DWORD flags, const C* name, HMODULE* to) noexcept {
    const KeepErrno keep;
    const Uncancelled uncancelled;
    constexpr DWORD pin = GET_MODULE_HANDLE_EX_FLAG_PIN, uncounted = GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                    address = GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS;
    if (to == nullptr) return failed(ERROR_INVALID_PARAMETER);
    *to = nullptr;
    if ((flags & ~(pin | uncounted | address)) != 0 || (flags & (pin | uncounted)) == (pin | uncounted))
        return failed(ERROR_INVALID_PARAMETER);
    const HMODULE found = (flags & address) != 0 ? handle_of_module(module_at(name)) : loaded(name);
    if (found == nullptr) return failed(ERROR_MOD_NOT_FOUND);
    Module const m = reinterpret_cast<Module>(found);
    if (m != this_library() && (flags & uncounted) == 0 && !hold(m, (flags & pin) != 0))
        return failed(ERROR_MOD_NOT_FOUND);
    *to = found;
    return TRUE;
}

template <class C>
DWORD file_name(HMODULE module, C* to, DWORD room) noexcept {
    const KeepErrno keep;
    const Uncancelled uncancelled;
    char path[PATH_MAX] = "";
    if (module != nullptr && !is_loaded(module)) return failed(ERROR_MOD_NOT_FOUND);
    const char* const name = module == nullptr ? "" : reinterpret_cast<Module>(module)->l_name;
    if (*name == '\0') {
        const ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
        path[length < 0 ? 0 : length] = '\0';
    } else if (realpath(name, path) == nullptr) {
        snprintf(path, sizeof path, "%s", name);
    }
    const base::Converted<C> text{path, strlen(path)};
    if (!text) return failed(ERROR_NOT_ENOUGH_MEMORY);
    if (to == nullptr || room == 0) return failed(ERROR_INSUFFICIENT_BUFFER);
    const auto length = static_cast<DWORD>(text.size());
    const DWORD stored = length < room ? length : room - 1;  // too long: cut off, and said so
    for (DWORD i = 0; i < stored; ++i) to[i] = text.data()[i];
    to[stored] = C{};
    if (length < room) return last_error = 0, length;
    last_error = ERROR_INSUFFICIENT_BUFFER;
    return room;
}

// No module that the loader knows: another library's idea of one.
bool is_others(HMODULE module) noexcept { return module != nullptr && !is_loaded(module); }

// The function called `name`; of those that have text in a form for each width, the one that fits the caller's.
FARPROC symbol(HMODULE module, const char* name, const char* width) noexcept {
    const KeepErrno keep;
    const Uncancelled uncancelled;
    if (reinterpret_cast<std::uintptr_t>(name) < 0x10000) return failed(ERROR_PROC_NOT_FOUND);  // an ordinal
    if (module == nullptr || !is_loaded(module)) return failed(ERROR_MOD_NOT_FOUND);
    // A library that the program was linked with has no scope to look in until somebody has opened it, too.
    if (!hold(reinterpret_cast<Module>(module), false)) return failed(ERROR_MOD_NOT_FOUND);
    char fitting[256];
    void* found = nullptr;
    if (snprintf(fitting, sizeof fitting, "%s%s", name, width) < static_cast<int>(sizeof fitting))
        found = dlsym(module, fitting);
    if (found == nullptr) found = dlsym(module, name);
    dlclose(module);
    return found != nullptr ? reinterpret_cast<FARPROC>(found) : failed(ERROR_PROC_NOT_FOUND);
}

}  // namespace
}  // namespace winshim::file

using namespace winshim;
using namespace winshim::file;
using Text16 = const char16_t*;

HMODULE WINAPI GetModuleHandleA(LPCSTR name) { return loaded(name); }
HMODULE WINAPI GetModuleHandleW(LPCWSTR name) { return loaded(name); }
WINSHIM_EXPORT HMODULE GetModuleHandle_utf16(Text16 name) WINSHIM_UTF16(GetModuleHandleW);
HMODULE GetModuleHandle_utf16(Text16 name) { return loaded(name); }
WINSHIM_PLAIN(GetModuleHandle);

BOOL WINAPI GetModuleHandleExA(DWORD flags, LPCSTR name, HMODULE* to) { return loaded_ex(flags, name, to); }
BOOL WINAPI GetModuleHandleExW(DWORD flags, LPCWSTR name, HMODULE* to) { return loaded_ex(flags, name, to); }
WINSHIM_EXPORT BOOL GetModuleHandleEx_utf16(DWORD flags, Text16 name, HMODULE* to) WINSHIM_UTF16(GetModuleHandleExW);
BOOL GetModuleHandleEx_utf16(DWORD flags, Text16 name, HMODULE* to) { return loaded_ex(flags, name, to); }
WINSHIM_PLAIN(GetModuleHandleEx);

HMODULE WINAPI LoadLibraryA(LPCSTR name) { return load(name, 0); }
HMODULE WINAPI LoadLibraryW(LPCWSTR name) { return load(name, 0); }
WINSHIM_EXPORT HMODULE LoadLibrary_utf16(Text16 name) WINSHIM_UTF16(LoadLibraryW);
HMODULE LoadLibrary_utf16(Text16 name) { return load(name, 0); }
WINSHIM_PLAIN(LoadLibrary);

HMODULE WINAPI LoadLibraryExA(LPCSTR name, HANDLE, DWORD flags) { return load(name, flags); }
HMODULE WINAPI LoadLibraryExW(LPCWSTR name, HANDLE, DWORD flags) { return load(name, flags); }
WINSHIM_EXPORT HMODULE LoadLibraryEx_utf16(Text16 name, HANDLE, DWORD flags) WINSHIM_UTF16(LoadLibraryExW);
HMODULE LoadLibraryEx_utf16(Text16 name, HANDLE, DWORD flags) { return load(name, flags); }
WINSHIM_PLAIN(LoadLibraryEx);

BOOL WINAPI FreeLibrary(HMODULE hLibModule) {
    WINSHIM_HAND_ON_AS(FreeLibrary, FreeLibrary, is_others(hLibModule), hLibModule, hLibModule);
    const KeepErrno keep;
    const Uncancelled uncancelled;
    if (hLibModule == nullptr || !is_loaded(hLibModule)) return failed(ERROR_INVALID_HANDLE);
    Module const m = reinterpret_cast<Module>(hLibModule);
    if (m != this_library() && m != the_program()) dlclose(m);
    return TRUE;
}

DWORD WINAPI GetModuleFileNameA(HMODULE module, LPSTR to, DWORD room) {
    WINSHIM_HAND_ON_AS(GetModuleFileNameA, GetModuleFileNameA, is_others(module), module, module, to, room);
    return file_name(module, to, room);
}
DWORD WINAPI GetModuleFileNameW(HMODULE module, LPWSTR to, DWORD room) { return file_name(module, to, room); }
WINSHIM_EXPORT DWORD GetModuleFileName_utf16(HMODULE module, char16_t* to, DWORD room)
    WINSHIM_UTF16(GetModuleFileNameW);
DWORD GetModuleFileName_utf16(HMODULE module, char16_t* to, DWORD room) {
    WINSHIM_HAND_ON_AS(GetModuleFileNameW, GetModuleFileName_utf16, is_others(module), module, module, to, room);
    return file_name(module, to, room);
}
WINSHIM_PLAIN(GetModuleFileName);

FARPROC WINAPI GetProcAddress(HMODULE hModule, LPCSTR lpProcName) { return symbol(hModule, lpProcName, "_utf32"); }
WINSHIM_EXPORT FARPROC GetProcAddress_utf16(HMODULE module, LPCSTR name) WINSHIM_UTF16(GetProcAddress);
FARPROC GetProcAddress_utf16(HMODULE module, LPCSTR name) {
    WINSHIM_HAND_ON_AS(GetProcAddress, GetProcAddress_utf16, is_others(module), module, module, name);
    return symbol(module, name, "_utf16");
}
