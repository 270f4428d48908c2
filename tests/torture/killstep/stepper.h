// stepper.h - one thread under ptrace: stepped to an address, or for a number of instructions; and where it is.
//
// Purpose     Single steps are slow (5 to 20 microseconds); a breakpoint register brings the thread near its end first.
//             An interval timer interrupts waitpid(), so that a step that does not come back (a system call that
//             blocks) is noticed without a timer call per step.
#pragma once

#include <elf.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/time.h>
#include <sys/user.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <unordered_set>
#include <vector>

#include "tests/torture/killstep/page.h"

namespace killstep {

enum class Step { done, blocked, gone };

constexpr std::uint64_t kTickMs = 2;

// The tick: from here on waitpid() comes back with EINTR now and then.
inline void start_ticks() {
    struct sigaction quiet{};
    quiet.sa_handler = [](int) {};
    sigaction(SIGALRM, &quiet, nullptr);
    const itimerval every{{0, kTickMs * 1000}, {0, kTickMs * 1000}};
    setitimer(ITIMER_REAL, &every, nullptr);
}

class Stepper {
public:
    // Stops thread `tid` wherever it is. False: it is gone.
    bool seize(pid_t tid) {
        tid_ = tid;
        if (ptrace(PTRACE_SEIZE, tid, nullptr, PTRACE_O_TRACEEXEC) != 0) return false;
        if (ptrace(PTRACE_INTERRUPT, tid, nullptr, nullptr) != 0) return false;
        return wait_for_stop(now_ns() + kPatience) == Step::done;
    }

    // One instruction. blocked: it has not come back for two ticks; call resume() to go on waiting for it.
    Step step() {
        if (ptrace(PTRACE_SINGLESTEP, tid_, nullptr, signal_) != 0) return Step::gone;
        signal_ = 0;
        is_stopped_ = false;
        return resume(2 * kTickMs * kMs);
    }

    bool set_breakpoint(std::uintptr_t at) { return set_register(0, at) && set_register(7, 1) && set_register(7, 0); }

    // Runs until the thread is about to execute `one` or `other`, by the processor's breakpoint registers.
    Step run_to(std::uintptr_t one, std::uintptr_t other) {
        if (!set_register(0, one) || !set_register(1, other) || !set_register(7, 0x5)) return Step::gone;
        armed_ = true;
        if (ptrace(PTRACE_CONT, tid_, nullptr, signal_) != 0) return Step::gone;
        signal_ = 0;
        is_stopped_ = false;
        return resume(2 * kTickMs * kMs);
    }

    Step resume(std::uint64_t most_ns) {
        const Step step = wait_for_stop(now_ns() + most_ns);
        if (step == Step::done && armed_) armed_ = !set_register(7, 0);
        return step;
    }

    // Lets it go, for good. One that is asleep in a system call must be stopped for that: else it would go on being
    // traced, and stand still, with nobody to know, at its next breakpoint or signal.
    void let_go() {
        if (!is_stopped_) {
            if (ptrace(PTRACE_INTERRUPT, tid_, nullptr, nullptr) != 0) return;
            if (wait_for_stop(now_ns() + kPatience) != Step::done) return;
        }
        set_register(7, 0);
        ptrace(PTRACE_DETACH, tid_, nullptr, signal_);
    }

    // Whether the next instruction is a system call.
    bool at_call() const { return (ptrace(PTRACE_PEEKTEXT, tid_, address(), nullptr) & 0xFFFF) == 0x050F; }

    std::uintptr_t address() const {
        return static_cast<std::uintptr_t>(ptrace(PTRACE_PEEKUSER, tid_, offsetof(user_regs_struct, rip), nullptr));
    }
    pid_t tid() const { return tid_; }

private:
    Step wait_for_stop(std::uint64_t deadline_ns) {
        for (;;) {
            int status = 0;
            const pid_t got = waitpid(tid_, &status, __WALL);
            if (got == tid_) {
                if (!WIFSTOPPED(status)) return Step::gone;
                if (status >> 16 == PTRACE_EVENT_EXEC) return Step::gone;  // what made the call is no more
                if (WSTOPSIG(status) != SIGTRAP) signal_ = WSTOPSIG(status);
                is_stopped_ = true;
                return Step::done;
            }
            if (got < 0 && errno != EINTR) return Step::gone;
            if (now_ns() >= deadline_ns) return Step::blocked;
        }
    }

    bool set_register(unsigned index, std::uintptr_t value) {
        return ptrace(PTRACE_POKEUSER, tid_, offsetof(user, u_debugreg) + index * sizeof value, value) == 0;
    }

    pid_t tid_ = 0;
    int signal_ = 0;
    bool armed_ = false;       // breakpoints are set
    bool is_stopped_ = false;  // by us: it does nothing until it is resumed
};

// The way that a call took once: where it came to an address for the first time. Up to there the next trial can run at
// full speed, and only the rest must be stepped. (A trial that takes another way is killed somewhere else in the same
// call.)
class Path {
public:
    void add(std::uint64_t steps, std::uintptr_t address) {
        if (seen_.insert(address).second) firsts_.push_back({steps, address});
    }
    const std::unordered_set<std::uintptr_t>& seen() const { return seen_; }
    struct First {
        std::uint64_t steps;
        std::uintptr_t address;
    };
    const std::vector<First>& firsts() const { return firsts_; }
    // The last one at or before `steps`; steps = 0: there is none.
    First before(std::uint64_t steps) const {
        First best{0, 0};
        for (const First& first : firsts_)
            if (first.steps <= steps) best = first;
        return best;
    }
    void clear() {
        seen_.clear();
        firsts_.clear();
    }

private:
    std::unordered_set<std::uintptr_t> seen_;
    std::vector<First> firsts_;
};

// Every process of the harness has the library at the same place (they are forks of one program).
class LibraryMap {
public:
    LibraryMap() {
        std::ifstream maps("/proc/self/maps");
        for (std::string line; std::getline(maps, line);) {
            std::istringstream words(line);
            std::uintptr_t from = 0, to = 0;
            char dash;
            std::string rights, offset, device, inode, path;
            words >> std::hex >> from >> dash >> to >> rights >> offset >> device >> inode >> path;
            if (path.find("libwinshim") == std::string::npos) continue;
            if (begin_ == 0) begin_ = from;
            end_ = to;
            path_ = path;
        }
        read_symbols();
    }

    bool has(std::uintptr_t address) const { return address >= begin_ && address < end_; }

    // Names of exported functions that begin at none of `seen`.
    std::vector<std::string> exports_outside(const std::unordered_set<std::uintptr_t>& seen) const {
        std::vector<std::string> names;
        for (const Symbol& s : symbols_)
            if (s.exported && !seen.contains(begin_ + s.at)) names.push_back(s.name);
        return names;
    }
    std::size_t exports() const {
        return static_cast<std::size_t>(
            std::count_if(symbols_.begin(), symbols_.end(), [](const Symbol& s) { return s.exported; }));
    }

    // "libwinshim.so+0x1234 (symbol+0x10)"
    std::string place(std::uintptr_t address) const {
        char text[400];
        if (!has(address)) {
            snprintf(text, sizeof text, "outside the library (0x%zx)", address);
            return text;
        }
        const std::uintptr_t at = address - begin_;
        const Symbol* best = nullptr;
        for (const Symbol& s : symbols_)
            if (at >= s.at && at < s.at + s.size) best = &s;
        snprintf(text, sizeof text, "libwinshim.so+0x%zx (%s+0x%zx)", at, best ? best->name.c_str() : "?",
                 best ? at - best->at : 0);
        return text;
    }

private:
    struct Symbol {
        std::uintptr_t at, size;
        std::string name;
        bool exported;
    };

    // The functions of an ELF file: visit(symbol, name, from the dynamic table).
    template <class Visit>
    static void for_each_function(const std::string& path, Visit visit) {
        std::ifstream file(path, std::ios::binary);
        const std::string all((std::istreambuf_iterator<char>(file)), {});
        if (all.size() < sizeof(Elf64_Ehdr)) return;
        const auto* header = reinterpret_cast<const Elf64_Ehdr*>(all.data());
        const auto* sections = reinterpret_cast<const Elf64_Shdr*>(all.data() + header->e_shoff);
        for (unsigned i = 0; i < header->e_shnum; ++i) {
            if (sections[i].sh_type != SHT_SYMTAB && sections[i].sh_type != SHT_DYNSYM) continue;
            const char* names = all.data() + sections[sections[i].sh_link].sh_offset;
            const auto* symbol = reinterpret_cast<const Elf64_Sym*>(all.data() + sections[i].sh_offset);
            for (std::size_t n = sections[i].sh_size / sizeof *symbol; n != 0; --n, ++symbol)
                if (ELF64_ST_TYPE(symbol->st_info) == STT_FUNC && symbol->st_size != 0)
                    visit(*symbol, names + symbol->st_name, sections[i].sh_type == SHT_DYNSYM);
        }
    }

    // Calls on objects are made in the room `api`: the other rooms with exports never touch the segment.
    void read_symbols() {
        std::unordered_set<std::string> calls_on_objects;
        std::error_code none;
        for (const auto& entry :
             std::filesystem::directory_iterator(std::filesystem::path(path_).parent_path() / "shim/api", none))
            if (entry.path().extension() == ".o")
                for_each_function(entry.path(), [&](const Elf64_Sym&, const char* name, bool) {
                    calls_on_objects.insert(name);
                });
        for_each_function(path_, [&](const Elf64_Sym& symbol, const char* name, bool dynamic) {
            symbols_.push_back({symbol.st_value, symbol.st_size, name, dynamic && calls_on_objects.contains(name)});
        });
    }

    std::uintptr_t begin_ = 0, end_ = 0;
    std::string path_;
    std::vector<Symbol> symbols_;
};

}  // namespace killstep
