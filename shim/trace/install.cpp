// install.cpp - from the real functions to the traced ones, without a change in the code of either side.
//
// Purpose     Calls from one module into another go by addresses that the dynamic linker has looked up. Two places hold
//             what it finds, and both are changed here:
//             - libwinshim's table of symbols, in this process's private copy: whatever is looked up from now on finds
//             the
//               traced function (calls that are bound at their first use, dlopen, dlsym, GetProcAddress);
//             - the addresses that the modules already loaded have stored (their global offset tables, and tables of
//               functions in their data): each relocation that names an export and holds its real address.
//             libwinshim's own addresses stay: what it calls of itself is not traced, and a call traced once is traced
//             once. Functions that the filter leaves out keep their real addresses, and cost nothing.
// Why so      Nothing is in the way of a program that is not traced: no branch, no indirection, no relocation that is
//             decided late. Symbols of the kind that a resolver decides (IFUNC) would run before a preloaded library is
//             relocated; a second library with the same names would have to be preloaded before the program starts.
// Limits      A function's address that the program has copied elsewhere before the trace began (by dlsym, in a
//             constructor that ran before libwinshim's) stays what it is.
#include "shim/trace/install.h"

#include <cstdint>
#include <cstring>
#include <elf.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include "shim/trace/entries.h"
#include "shim/trace/filter.h"

namespace winshim::trace {
namespace {

using relay::kFunctionCount;
using relay::kFunctions;
using Symbol = ElfW(Sym);
using Address = ElfW(Addr);

void* entry[kFunctionCount];
void* real[kFunctionCount];
Address first_real = ~Address{0}, last_real = 0;  // between them lies every real function

// A module's dynamic section, as far as it matters.
struct Module {
    Address base = 0;
    Symbol* symbols = nullptr;
    const char* strings = nullptr;
    const std::uint32_t* gnu_hash = nullptr;
    const std::uint32_t* hash = nullptr;
    const unsigned char *relocations = nullptr, *plt = nullptr;
    std::size_t relocations_bytes = 0, plt_bytes = 0;
    bool plt_has_addends = true, has_addends = true;

    Module(Address where, const ElfW(Dyn)* dynamic) noexcept : base(where) {
        // glibc has added the base already; other loaders, and the vdso, have not.
        const auto at = [&](Address value) { return value < base ? value + base : value; };
        for (; dynamic->d_tag != DT_NULL; ++dynamic) {
            const Address value = dynamic->d_un.d_ptr;
            switch (dynamic->d_tag) {
                case DT_SYMTAB: symbols = reinterpret_cast<Symbol*>(at(value)); break;
                case DT_STRTAB: strings = reinterpret_cast<const char*>(at(value)); break;
                case DT_GNU_HASH: gnu_hash = reinterpret_cast<const std::uint32_t*>(at(value)); break;
                case DT_HASH: hash = reinterpret_cast<const std::uint32_t*>(at(value)); break;
                case DT_RELA:
                case DT_REL:
                    relocations = reinterpret_cast<const unsigned char*>(at(value));
                    has_addends = dynamic->d_tag == DT_RELA;
                    break;
                case DT_RELASZ:
                case DT_RELSZ: relocations_bytes = value; break;
                case DT_JMPREL: plt = reinterpret_cast<const unsigned char*>(at(value)); break;
                case DT_PLTRELSZ: plt_bytes = value; break;
                case DT_PLTREL: plt_has_addends = value == DT_RELA; break;
                default: break;
            }
        }
    }

    std::size_t symbol_count() const noexcept {
        if (hash != nullptr) return hash[1];
        if (gnu_hash == nullptr) return 0;
        const std::uint32_t buckets = gnu_hash[0], offset = gnu_hash[1], words = gnu_hash[2];
        const std::uint32_t* const bucket = gnu_hash + 4 + words * (sizeof(Address) / 4);
        const std::uint32_t* const chain = bucket + buckets;
        std::uint32_t last = 0;
        for (std::uint32_t i = 0; i < buckets; ++i)
            if (bucket[i] > last) last = bucket[i];
        if (last < offset) return offset;
        while ((chain[last - offset] & 1) == 0) ++last;
        return last + 1;
    }
};

// Pages that may not be written are made writable while it lives, and then become what they were: read-only.
class Writable {
public:
    Writable(Address from, Address to) noexcept {
        const auto page = static_cast<Address>(sysconf(_SC_PAGESIZE));
        at_ = reinterpret_cast<void*>(from & ~(page - 1));
        bytes_ = ((to + page - 1) & ~(page - 1)) - (from & ~(page - 1));
        done_ = bytes_ == 0 || mprotect(at_, bytes_, PROT_READ | PROT_WRITE) == 0;
    }
    ~Writable() noexcept {
        if (bytes_ != 0 && done_) mprotect(at_, bytes_, PROT_READ);
    }
    Writable(const Writable&) = delete;
    Writable& operator=(const Writable&) = delete;
    explicit operator bool() const noexcept { return done_; }

private:
    void* at_;
    std::size_t bytes_;
    bool done_;
};

bool is_traced(const char* name) noexcept {
    // By its name in the SDK: without the library's _utf16 and _utf32.
    char shown[64];
    const std::size_t length = strlen(name);
    if (length >= sizeof shown) return false;
    memcpy(shown, name, length + 1);
    if (length > 6 && memcmp(shown + length - 6, "_utf", 4) == 0) shown[length - 6] = '\0';
    return wants_function(shown);
}

// Finds the real functions, makes the entries, and changes what is found under their names.
const char* change_symbols(const Module& library) noexcept {
    const std::size_t count = library.symbol_count();
    for (std::size_t i = 0; i < count; ++i) {
        const Symbol& symbol = library.symbols[i];
        const int index = symbol.st_shndx == SHN_UNDEF ? -1 : index_of(library.strings + symbol.st_name);
        if (index < 0) continue;
        const Address address = library.base + symbol.st_value;
        real[index] = reinterpret_cast<void*>(address);
        if (address < first_real) first_real = address;
        if (address > last_real) last_real = address;
    }
    for (unsigned i = 0; i < kFunctionCount; ++i) {
        if (real[i] == nullptr || !is_traced(kFunctions[i].name)) continue;
        const int by_list = kFunctions[i].by_list == nullptr ? -1 : index_of(kFunctions[i].by_list);
        entry[i] = make_entry(i, real[i], by_list < 0 ? nullptr : real[by_list]);
        if (entry[i] == nullptr) return "no closures can be made here";
    }
    const Writable writable{reinterpret_cast<Address>(library.symbols),
                            reinterpret_cast<Address>(library.symbols + count)};
    if (!writable) return "the table of symbols cannot be written";
    for (std::size_t i = 0; i < count; ++i) {
        Symbol& symbol = library.symbols[i];
        const int index = symbol.st_shndx == SHN_UNDEF ? -1 : index_of(library.strings + symbol.st_name);
        if (index < 0 || entry[index] == nullptr) continue;
        // The sum wraps around where the entry lies below the library.
        __atomic_store_n(&symbol.st_value, reinterpret_cast<Address>(entry[index]) - library.base, __ATOMIC_RELEASE);
    }
    return nullptr;
}

void change_one(const Module& module, Address offset, ElfW(Xword) symbol) noexcept {
    if (symbol == 0) return;
    auto* const slot = reinterpret_cast<Address*>(module.base + offset);
    if (reinterpret_cast<Address>(slot) % sizeof(Address) != 0) return;
    const Address now = *slot;
    if (now < first_real || now > last_real) return;
    const int index = index_of(module.strings + module.symbols[symbol].st_name);
    if (index >= 0 && entry[index] != nullptr && now == reinterpret_cast<Address>(real[index]))
        __atomic_store_n(slot, reinterpret_cast<Address>(entry[index]), __ATOMIC_RELEASE);
}

#if __SIZEOF_POINTER__ == 8
constexpr auto symbol_of(ElfW(Xword) info) noexcept { return ELF64_R_SYM(info); }
#else
constexpr auto symbol_of(ElfW(Word) info) noexcept { return ELF32_R_SYM(info); }
#endif

void change_all(const Module& module, const unsigned char* from, std::size_t bytes, bool addends) noexcept {
    const std::size_t each = addends ? sizeof(ElfW(Rela)) : sizeof(ElfW(Rel));
    for (std::size_t at = 0; from != nullptr && at + each <= bytes; at += each) {
        const auto& relocation = *reinterpret_cast<const ElfW(Rel)*>(from + at);  // a Rela begins like a Rel
        change_one(module, relocation.r_offset, symbol_of(relocation.r_info));
    }
}

struct Skipped {
    Address library, trace;
};

int change_module(dl_phdr_info* info, size_t, void* data) {
    const Skipped& skipped = *static_cast<Skipped*>(data);
    const ElfW(Dyn)* dynamic = nullptr;
    Address relro = 0, relro_end = 0;
    for (int i = 0; i < info->dlpi_phnum; ++i) {
        const ElfW(Phdr)& header = info->dlpi_phdr[i];
        const Address at = info->dlpi_addr + header.p_vaddr;
        if (header.p_type == PT_DYNAMIC) dynamic = reinterpret_cast<const ElfW(Dyn)*>(at);
        if (header.p_type == PT_GNU_RELRO) relro = at, relro_end = at + header.p_memsz;
        if (header.p_type == PT_LOAD && at <= skipped.library && skipped.library < at + header.p_memsz) return 0;
        if (header.p_type == PT_LOAD && at <= skipped.trace && skipped.trace < at + header.p_memsz) return 0;
    }
    if (dynamic == nullptr) return 0;
    const Module module{info->dlpi_addr, dynamic};
    if (module.symbols == nullptr || module.strings == nullptr) return 0;
    // The linker protects whole pages: what follows the last whole one stays writable.
    const auto page = static_cast<Address>(sysconf(_SC_PAGESIZE));
    const Writable relro_pages{relro & ~(page - 1), relro_end & ~(page - 1)};
    if (!relro_pages) return 0;
    change_all(module, module.relocations, module.relocations_bytes, module.has_addends);
    change_all(module, module.plt, module.plt_bytes, module.plt_has_addends);
    return 0;
}

}  // namespace

const char* install(const void* library) noexcept {
    const auto* const map = static_cast<const link_map*>(library);
    if (const char* const trouble = change_symbols(Module{map->l_addr, map->l_ld})) return trouble;
    Skipped skipped{first_real, reinterpret_cast<Address>(&install)};
    dl_iterate_phdr(change_module, &skipped);
    return nullptr;
}

}  // namespace winshim::trace
