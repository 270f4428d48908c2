// who.cpp - names for what has only numbers.
#include "shim/tool/who.h"

#include <cstring>

#include "shim/look/task.h"

namespace winshim::tool {
namespace {

// What /proc has said of a process, by its slot: a table may name the same process in each of its rows.
struct Program {
    u32 pid;
    char name[sizeof look::Task::name];
};
look::List<Program> programs;

const char* ask_program(const shm::Process& p, u32 pid, look::Task& task) noexcept {
    return look::ids_mean_something(p) && look::read_task(pid, task) ? task.name : "";
}

// The program's name as a name, so that it is printed as harmlessly; empty: nobody tells.
look::Name program(u32 process) noexcept {
    const shm::Process& p = shm::process(process);
    const u32 pid = p.pid.load(std::memory_order_relaxed);
    look::Task task;
    if (programs.count() == 0) programs.fill(shm::kMaxProcesses);
    Program* known = process < programs.count() ? &programs[process] : nullptr;
    if (known != nullptr && (pid == 0 || known->pid != pid)) {
        known->pid = pid;
        snprintf(known->name, sizeof known->name, "%s", ask_program(p, pid, task));
    }
    const char* said = known != nullptr ? known->name : ask_program(p, pid, task);
    look::Name name;
    name.length = static_cast<u32>(strlen(said));
    memcpy(name.bytes, said, name.length);
    return name;
}

void add_program(Text& text, u32 process) noexcept {
    const look::Name name = program(process);
    Text quoted;
    quoted.add_name(name);
    const bool plain = quoted.length() == name.length + 2;  // nothing had to be escaped
    if (name.length == 0) text.add("?");
    else if (plain) text.add("%.*s", static_cast<int>(name.length), quoted.text() + 1);
    else text.add("%s", quoted.text());
}

}  // namespace

void forget_programs() noexcept { programs.fill(0); }

void add_process(Text& text, u32 process) noexcept {
    add_program(text, process);
    text.add("[%u]", shm::process(process).pid.load(std::memory_order_relaxed));
}

void add_thread(Text& text, u32 slot) noexcept {
    const shm::Thread& t = shm::thread(slot);
    const u32 process = look::process_of(t), tid = t.tid.load(std::memory_order_relaxed);
    if (process == shm::kMaxProcesses) {
        text.add("?[:%u]", tid);
        return;
    }
    const u32 pid = shm::process(process).pid.load(std::memory_order_relaxed);
    add_program(text, process);
    if (pid == tid) text.add("[%u]", pid);
    else text.add("[%u:%u]", pid, tid);
}

void add_id(Text& text, u32 index, u32 generation) noexcept { text.add("%u:%u", index, generation); }

void add_object(Text& text, Kind kind, u32 index, u32 generation) noexcept {
    look::Name name;
    look::read_name(index, generation, name);
    text.add("%s ", look::kind_label(kind));
    if (name.length != 0) text.add_name(name);
    else text.add("#%u", index);
}

const char* doing(u32 slot) noexcept {
    const shm::Thread& t = shm::thread(slot);
    if (!look::lives(t)) return "is dead";
    const u32 process = look::process_of(t);
    look::Task task;
    if (process == shm::kMaxProcesses || !look::ids_mean_something(shm::process(process)) ||
        !look::read_task(t.tid.load(std::memory_order_relaxed), task))
        return "does not wait";
    if (task.state == 'T' || task.state == 't') return "is stopped";
    if (task.state == 'Z' || task.state == 'X') return "is dead";
    if (t.blocked_on.load(std::memory_order_relaxed) != 0) return "waits for a lock inside winshim";
    if (task.state == 'R') return "runs";
    return "sleeps, but not in a wait of winshim";
}

void json_process(Json& json, const char* key, u32 process) noexcept {
    const shm::Process& p = shm::process(process);
    json.begin(key).name("program", program(process)).number("pid", p.pid.load(std::memory_order_relaxed)).end();
}

void json_thread(Json& json, const char* key, u32 slot) noexcept {
    const shm::Thread& t = shm::thread(slot);
    const u32 process = look::process_of(t);
    json.begin(key);
    if (process == shm::kMaxProcesses) json.nothing("program").nothing("pid");
    else json.name("program", program(process)).number("pid", shm::process(process).pid.load());
    json.number("tid", t.tid.load(std::memory_order_relaxed)).truth("alive", look::lives(t)).end();
}

}  // namespace winshim::tool
