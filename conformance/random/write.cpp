// write.cpp - see write.h. What is printed here is what replay.h makes a program of.
#include "conformance/random/write.h"

#include <windows.h>

#include <cstdarg>
#include <cstdio>

#include "conformance/random/names.h"

namespace sequence {
namespace {

[[gnu::format(printf, 1, 2)]] std::string text_of(const char *form, ...) {
    char text[1000];
    va_list values;
    va_start(values, form);
    vsnprintf(text, sizeof text, form, values);
    va_end(values);
    return text;
}

std::string hex(std::uint32_t number) { return text_of(number < 10 ? "%u" : "0x%x", number); }
const char *truth(bool b) { return b ? "TRUE" : "FALSE"; }

class Expression {
public:
    explicit Expression(const Call &call) : c(call) {}

    std::string text() const {
        switch (c.op) {
            case Op::create_event:
                return create("CreateEvent", text_of("%s, %s, ", truth(c.first), truth(c.second)), "");
            case Op::create_mutex: return create("CreateMutex", text_of("%s, ", truth(c.first)), "");
            case Op::create_timer: return create("CreateWaitableTimer", text_of("%s, ", truth(c.first)), "");
            case Op::create_mapping:
                return text_of("made(&h[%d], CreateFileMapping%s(INVALID_HANDLE_VALUE, %s, PAGE_READWRITE, 0, 4096, ",
                               c.to, letter(), attributes()) +
                       name() + "))";
            case Op::open_mapping: return open("OpenFileMapping");
            case Op::open_process:
            case Op::open_thread:
                return text_of("made(&h[%d], Open%s(%s, %s, (DWORD)stage_%s(%d)))", c.to,
                               c.op == Op::open_process ? "Process" : "Thread", hex(c.access).c_str(), truth(c.inherit),
                               c.op == Op::open_process ? "pid" : "tid", c.other);
            case Op::terminate_thread: return text_of("TerminateThread(stage_thread_handle(%d), 5)", c.other);
            case Op::terminate_process: return text_of("terminate_process(%d)", c.other);
            case Op::create_semaphore: {
                const std::string counts = text_of("%d, %d, ", c.amount, c.limit);
                return create("CreateSemaphore", counts, counts);
            }
            case Op::open_event: return open("OpenEvent");
            case Op::open_mutex: return open("OpenMutex");
            case Op::open_semaphore: return open("OpenSemaphore");
            case Op::open_timer: return open("OpenWaitableTimer");
            case Op::set_event: return simple("SetEvent");
            case Op::reset_event: return simple("ResetEvent");
            case Op::pulse_event: return simple("PulseEvent");
            case Op::release_mutex: return simple("ReleaseMutex");
            case Op::cancel_timer: return simple("CancelWaitableTimer");
            case Op::close: return simple("CloseHandle");
            case Op::release_semaphore:
                return "ReleaseSemaphore(" + h(0) +
                       text_of(", %d, %s)", c.amount, c.second ? "(LONG *)STORED" : "NULL");
            case Op::set_timer:
                return "set_timer(" + h(0) + text_of(", %d, %d, %s)", c.amount, c.limit, truth(c.second));
            case Op::duplicate: return duplicate("duplicate(h, " + h(0) + ", ");
            case Op::give: return duplicate(text_of("duplicate_to(%d, ", c.other) + h(0) + ", ");
            case Op::take: return duplicate(text_of("duplicate_from(%d, %d, h, ", c.other, c.h[0]));
            case Op::get_information: return "GetHandleInformation(" + h(0) + ", STORED)";
            case Op::set_information: return "SetHandleInformation(" + h(0) + text_of(", %u, %u)", c.access, c.flags);
            case Op::compare: return "CompareObjectHandles(" + h(0) + ", " + h(1) + ")";
            case Op::wait_one:
                return c.form & kEx ? "WaitForSingleObjectEx(" + h(0) + ", " + timeout() + ", " + truth(c.second) + ")"
                                    : "WaitForSingleObject(" + h(0) + ", " + timeout() + ")";
            case Op::wait_many: return wait_many();
            case Op::signal_and_wait:
                return "SignalObjectAndWait(" + h(0) + ", " + h(1) + ", " + timeout() + ", " + truth(c.second) + ")";
            case Op::queue_apc: return queue_apc();
            case Op::sleep: return "SleepEx(" + timeout() + ", " + truth(c.second) + ")";
            case Op::set_error: return text_of("(SetLastError(%s), 0)", hex(c.access).c_str());
            default: return come_and_go();
        }
    }

private:
    const Call &c;

    std::string h(int i) const {
        switch (c.h[i]) {
            case kNull: return "NULL";
            case kGarbage: return "GARBAGE";
            case kThisProcess: return "GetCurrentProcess()";
            case kThisThread: return "GetCurrentThread()";
            default: return text_of("h[%d]", c.h[i]);
        }
    }

    // Bytes beyond ASCII as escapes of three octal digits, which end by themselves.
    std::string name() const {
        if (c.name < 0) return "NULL";
        std::string text = c.form & kWide ? "L\"" : "\"";
        const std::string &bytes = kNames[c.name].text;
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            const auto byte = static_cast<unsigned char>(bytes[i]);
            const bool wide = (c.form & kWide) && byte >= 0xC0;
            if (byte == '\\') text += "\\\\";
            else if (byte < 0x80) text += bytes[i];
            else if (!wide) text += text_of("\\%03o", byte);
            else {  // of the names that are there, one character of two bytes or four
                const int more = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : 1;
                unsigned character = byte & (0x3Fu >> more);
                for (int k = 0; k < more; ++k)
                    character = character << 6 | (static_cast<unsigned char>(bytes[++i]) & 0x3Fu);
                text += text_of("\\U%08x", character);
            }
        }
        return text + '"';
    }

    std::string simple(const char *function) const { return std::string(function) + "(" + h(0) + ")"; }
    std::string timeout() const { return c.timeout == kForever ? "INFINITE" : text_of("%u", c.timeout); }
    const char *letter() const { return c.form & kWide ? "W" : "A"; }

    const char *attributes() const { return !c.attributes ? "NULL" : c.inherit ? "INHERITABLE" : "NOT_INHERITABLE"; }

    std::string create(const char *function, const std::string &parameters, const std::string &with_ex) const {
        const std::uint32_t flags = c.op == Op::create_semaphore
                                        ? c.flags
                                        : (c.first ? 1u : 0u) | (c.op == Op::create_event && c.second ? 2u : 0u) |
                                              c.flags;
        const std::string before =
            text_of("made(&h[%d], %s%s%s(%s, ", c.to, function, c.form & kEx ? "Ex" : "", letter(), attributes());
        if (!(c.form & kEx)) return before + parameters + name() + "))";
        return before + with_ex + name() + ", " + hex(flags) + ", " + hex(c.access) + "))";
    }

    std::string open(const char *function) const {
        return text_of("made(&h[%d], %s%s(%s, %s, ", c.to, function, letter(), hex(c.access).c_str(),
                       truth(c.inherit)) +
               name() + "))";
    }

    std::string duplicate(const std::string &how) const {
        return how + text_of("%d, %s, %s, %u)", c.to, hex(c.access).c_str(), truth(c.inherit), c.flags);
    }

    std::string wait_many() const {
        std::string text = text_of("WaitForMultipleObjects%s(%d, (HANDLE[]){", c.form & kEx ? "Ex" : "", c.count);
        for (int i = 0; i < c.count; ++i) text += (i != 0 ? ", " : "") + h(i % 6);
        if (c.count == 0) text += "NULL";
        text += text_of("}, %s, ", truth(c.first)) + timeout();
        if (c.form & kEx) text += text_of(", %s", truth(c.second));
        return text + ")";
    }

    std::string queue_apc() const {
        static constexpr const char *kWhat[] = {"NOTE", "SET_LAST_ERROR", "SET_EVENT", "QUEUE_ANOTHER"};
        return text_of("queue_apc(ACTOR(%d, %d), %s, %d, ", c.other / kThreads, c.other % kThreads, kWhat[c.count],
                       c.amount) +
               h(0) + ")";
    }

    std::string come_and_go() const {
        static constexpr const char *kExits[] = {"exit(0)", "_exit(0)", "ExitProcess(0)",
                                                 "TerminateProcess(GetCurrentProcess(), 0)", "raise(SIGKILL)"};
        switch (c.op) {
            case Op::start_thread:
                return text_of("stage_thread(ACTOR(%d, %d), %d)", c.other / kThreads, c.other % kThreads, c.amount);
            case Op::end_thread:
                return text_of("end_thread(%d)", c.actor % kThreads == 0 && c.amount == 0 ? 1 : c.amount);
            case Op::fork: return text_of("stage_fork(ACTOR(%d, 0))", c.other);
            case Op::create_process: return text_of("stage_create(ACTOR(%d, 0), %s)", c.other, truth(c.inherit));
            case Op::exit_process: return text_of("(%s, 0)", kExits[c.amount]);
            default: return "0";
        }
    }
};

std::string expected(const Answer &answer) {
    std::string notes;
    for (std::uint8_t note : answer.notes) notes += text_of(notes.empty() ? "%u" : " %u", note);
    const std::string extra = answer.extra == STAGE_POISON ? "NOTHING" : hex(answer.extra);
    return hex(static_cast<std::uint32_t>(answer.value)) + ", " + hex(answer.error) + ", " + extra + ", \"" + notes +
           "\"";
}

std::string actor_of(int actor) { return text_of("ACTOR(%d, %d)", actor / kThreads, actor % kThreads); }

std::string step(const Call &call, const Outcome &outcome) {
    if (call.op == Op::start_process) return text_of("START(%d)", process_of(call.actor));
    if (call.op == Op::kill_process) return text_of("KILL(%d)", process_of(call.actor));
    const std::string what = actor_of(call.actor) + ", ";
    switch (outcome.how) {
        case Outcome::blocks: return "BLOCKS(" + what + Expression(call).text() + ")";
        case Outcome::thread_ends: return "THREAD_ENDS(" + what + Expression(call).text() + ")";
        case Outcome::process_ends: return "PROCESS_ENDS(" + what + Expression(call).text() + ")";
        default: break;
    }
    const std::string call_and_answer = what + expected(outcome.answer) + ", " + Expression(call).text() + ")";
    if (outcome.other_thread >= 0) return text_of("ENDS_THREAD(%d, ", outcome.other_thread) + call_and_answer;
    if (outcome.other_process >= 0) return text_of("ENDS_PROCESS(%d, ", outcome.other_process) + call_and_answer;
    const bool child = call.op == Op::fork || call.op == Op::create_process;
    if (child) return text_of("BORN(%d, ", call.other * kThreads) + call_and_answer;
    if (call.op == Op::start_thread) return text_of("BORN(%d, ", call.other) + call_and_answer;
    const bool passes = call.op == Op::set_timer && call.amount > 0 && call.amount <= static_cast<int>(kShortMs);
    return (passes ? "PASSES(" : "RETURNS(") + call_and_answer;
}

}  // namespace

const char *label(Profile profile) { return profile == Profile::ce ? "ce" : profile == Profile::ce5 ? "ce5" : "nt"; }

std::string actor_name(int actor) {
    return text_of("process %d, thread %d", process_of(actor), actor % kThreads);
}

std::string expression(const Call &call) { return Expression(call).text(); }

std::string program(Profile profile, const std::vector<Call> &calls, const std::string &why) {
    std::string text = "/* A sequence of calls that was found by make conformance-random.\n *\n * " + why + "\n */\n";
    text += text_of("#define PROFILE \"%s\"\n#define SEQUENCE", label(profile));
    Model model(profile);
    for (const Call &call : calls) {
        const Outcome outcome = model.play(call);
        if (outcome.how == Outcome::skipped) continue;
        text += " \\\n    " + step(call, outcome);
        for (const Returned &woken : outcome.woken)
            text += " \\\n    WOKEN(" + actor_of(woken.actor) + ", " + expected(woken.answer) + ")";
    }
    return text + "\n#include \"conformance/random/replay.h\"\n";
}

}  // namespace sequence
