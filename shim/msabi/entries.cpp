// entries.cpp - the exported names.
//
// Purpose     An entry is one jump by way of its slot. At first the slot leads to code that saves the arguments, has
//             the closure made, and goes on with it: so a program pays for the functions that it calls, and calls from
//             the constructors of other libraries, which may come before any of ours, are as good as others.
// Invariants  Slots, entries and the rows of the table are in the same order: all are made from the same lines.
#include <dlfcn.h>
#include <link.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "shim/msabi/convention.h"

#pragma GCC diagnostic ignored "-Woverlength-strings"  // all entries are one piece of assembler

// No registers but %rax are touched before the arguments are saved; Microsoft's convention passes nothing in it.
#define ENTRY(name)                                                                                       \
    ".globl " name "\n.type " name ",@function\n"                                                         \
    name ": winshim_entry_" name ":\n\tjmp *winshim_slot_" name "(%rip)\n"                                \
    "winshim_first_" name ":\n\tleaq winshim_slot_" name "(%rip), %rax\n\tjmp winshim_first\n"            \
    ".size " name ", . - " name "\n"                                                                      \
    ".pushsection winshim_slots, \"aw\"\nwinshim_slot_" name ": .quad winshim_first_" name "\n.popsection\n" \
    ".pushsection winshim_entries, \"aw\"\n.quad winshim_entry_" name "\n.popsection\n"
#define FUNCTION(result, name, ...) ENTRY(#name)
#define TEXT_FUNCTION(result, name, ...) ENTRY(#name) ENTRY(#name "A") ENTRY(#name "W") ENTRY(#name "W_utf32")
#define MIXED_FUNCTION(result, name, ...) TEXT_FUNCTION(result, name) ENTRY(#name "A_utf16")
#define WIDE_FUNCTION(result, name, ...) ENTRY(#name) ENTRY(#name "_utf32")
#define PRINT_FUNCTION(result, name, ...) MIXED_FUNCTION(result, name)
#define ONE_PRINT_FUNCTION(result, name, ...) ENTRY(#name)
#define WIDE_PRINT_FUNCTION(result, name, ...) WIDE_FUNCTION(result, name)
asm(".text\n"
#include "shim/relay/table.def"
    // %rax: the slot. Four registers and four vectors have arguments; 32 bytes are the callee's.
    "winshim_first:\n"
    "\t.cfi_startproc\n"
    "\tpushq %rbp\n\t.cfi_def_cfa_offset 16\n\t.cfi_offset %rbp, -16\n"
    "\tmovq %rsp, %rbp\n\t.cfi_def_cfa_register %rbp\n"
    "\tsubq $128, %rsp\n"
    "\tmovq %rcx, 32(%rsp)\n\tmovq %rdx, 40(%rsp)\n\tmovq %r8, 48(%rsp)\n\tmovq %r9, 56(%rsp)\n"
    "\tmovaps %xmm0, 64(%rsp)\n\tmovaps %xmm1, 80(%rsp)\n\tmovaps %xmm2, 96(%rsp)\n\tmovaps %xmm3, 112(%rsp)\n"
    "\tmovq %rax, %rcx\n"
    "\tcall winshim_msabi_prepare\n"
    "\tmovq 32(%rsp), %rcx\n\tmovq 40(%rsp), %rdx\n\tmovq 48(%rsp), %r8\n\tmovq 56(%rsp), %r9\n"
    "\tmovaps 64(%rsp), %xmm0\n\tmovaps 80(%rsp), %xmm1\n\tmovaps 96(%rsp), %xmm2\n\tmovaps 112(%rsp), %xmm3\n"
    "\tleave\n\t.cfi_def_cfa %rsp, 8\n"
    "\tjmp *%rax\n"
    "\t.cfi_endproc\n");

extern "C" {
extern void* __start_winshim_slots[] __attribute__((visibility("hidden")));
extern void* __stop_winshim_slots[] __attribute__((visibility("hidden")));
extern void* __start_winshim_entries[] __attribute__((visibility("hidden")));
}

namespace winshim::msabi {

pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;

namespace {

using relay::kFunctionCount;
using relay::kFunctions;

void* prepared[kFunctionCount];

__attribute__((constructor)) void watch_forks() noexcept {
    pthread_atfork([] { pthread_mutex_lock(&making); }, [] { pthread_mutex_unlock(&making); },
                   [] { pthread_mutex_unlock(&making); });
}

[[noreturn]] void give_up(const char* name) noexcept {
    fprintf(stderr, "winshim: no entry point for %s: no closures can be made here\n", name);
    abort();
}

void* prepare(unsigned index) noexcept {
    const relay::Function& f = kFunctions[index];
    void* const real = real_function(f.by_list != nullptr ? f.by_list : f.name);
    void* const entry = real == nullptr       ? nullptr
                        : f.by_list != nullptr ? variadic_entry(index, real)
                                               : make_closure(f, real);
    if (entry == nullptr) give_up(f.name);
    return entry;
}

}  // namespace

void* real_module() noexcept {
    static void* const module = dlopen(WINSHIM_SONAME, RTLD_LAZY | RTLD_NOLOAD);
    return module;
}

void* real_function(const char* name) noexcept { return dlsym(real_module(), name); }

void* entry_called(const char* name) noexcept {
    for (unsigned i = 0; i < kFunctionCount; ++i)
        if (strcmp(kFunctions[i].name, name) == 0) return __start_winshim_entries[i];
    return nullptr;
}

}  // namespace winshim::msabi

// In Microsoft's convention: so this compiler saves for the caller what that convention lets it keep.
extern "C" __attribute__((used, visibility("hidden"))) WINSHIM_MS_ABI void* winshim_msabi_prepare(void** slot) {
    using namespace winshim::msabi;
    static_assert(sizeof(winshim::relay::kFunctions) > 0);
    const auto index = static_cast<unsigned>(slot - __start_winshim_slots);
    pthread_mutex_lock(&making);
    void*& entry = prepared[index];
    if (entry == nullptr) entry = prepare(index);
    void* const made = entry;
    __atomic_store_n(slot, made, __ATOMIC_RELEASE);
    pthread_mutex_unlock(&making);
    return made;
}
