// test_tool_waits.cpp - winshim waits: real processes that wait for one another, and some that only seem to.
//
// Each scene is processes of their own. Every deadlock is looked for until it is found; where there must be none, it is
// looked for once everybody waits.
#include <pthread.h>

#include "tests/support/json.h"
#include "tests/support/tool.h"

using namespace tool_test;

namespace {

Answer until_deadlock() {
    return until("waits --json", [](const Answer &a) { return a.status == 1; });
}
bool is_stuck(const Json &waits, const std::string &program, bool knotted) {
    for (size_t i = 0; i < waits.size(); ++i)
        if (waits[i]["thread"]["program"].text() == program)
            return waits[i]["stuck"].is_true() && waits[i]["deadlock"].is_null() == !knotted;
    return false;
}

// ---- three processes ----------------------------------------------------------------------------------------------

void three_processes() {
    Cast cast;
    const HANDLE m[] = {mutex("first"), mutex("second"), mutex("third")};
    const Meeting meeting(3);
    const char *const names[] = {"one", "two", "three"};
    pid_t pids[3];
    for (int i = 0; i < 3; ++i)
        pids[i] = cast.add(names[i], [&, i] {
            take(m[i]);
            meeting.meet();
            WaitForSingleObject(m[(i + 1) % 3], INFINITE);
        });
    meeting.all_are_there();
    cast.add("behind", [&] { WaitForSingleObject(m[0], INFINITE); });
    const HANDLE sure = event("nobody sets it");
    cast.add("apart", [&] { WaitForSingleObject(sure, INFINITE); });
    until_waiting(5);
    const Answer json = until_deadlock();
    const Json all(json.text), &deadlock = all["deadlocks"][size_t{0}];
    tell(json.status == 1 && all.valid() && all["deadlocks"].size() == 1, "a deadlock of three processes is found",
         json.text);
    tell(deadlock["cycle"].size() == 3, "with all three in it", json.text);
    bool in_order = true;
    for (size_t i = 0; i < 3; ++i) {
        const auto pid = static_cast<pid_t>(deadlock["cycle"][i]["thread"]["pid"].number());
        const auto after = static_cast<pid_t>(deadlock["cycle"][(i + 1) % 3]["thread"]["pid"].number());
        for (int k = 0; k < 3; ++k) in_order = in_order && (pids[k] != pid || after == pids[(k + 1) % 3]);
    }
    tell(in_order, "each followed by the one that it waits for", json.text);
    tell(is_stuck(all["waits"], "one", true) && is_stuck(all["waits"], "behind", false), "and one behind it",
         json.text);
    tell(!is_stuck(all["waits"], "apart", false) && !is_stuck(all["waits"], "apart", true), "and one apart", json.text);
    tell(deadlock["timeout_in_s"].is_null(), "none of them has a time-out", json.text);

    const Answer words = tool("waits");
    const std::string step = "one[" + std::to_string(pids[0]) + "] waits for mutex \"second\", owned by two[" +
                             std::to_string(pids[1]) + "], for ";
    tell(words.status == 1 && words.has("deadlock 1: 3 threads wait for one another") && words.has(step),
         "it is told in words", words.text);
    tell(words.has("1 more thread waits behind it"), "with who waits behind it", words.text);
    tell(!words.has("\033"), "without colours where there is no terminal", words.text);

    const Answer dot = tool("waits --dot");
    size_t red = 0;
    for (size_t at = 0, end; (end = dot.text.find('\n', at)) != std::string::npos; at = end + 1) {
        const std::string line = dot.text.substr(at, end - at);
        red += line.find("->") != std::string::npos && line.find("#c01c28") != std::string::npos;
    }
    tell(dot.status == 1 && dot.text.rfind("digraph", 0) == 0 && red == 6, "the graph has six red edges", dot.text);
    if (shell("command -v dot").status == 0)
        tell(shell("\"$W\" waits --dot | dot -Tsvg").has("</svg>"), "which Graphviz draws");

    // It works on a system that hangs altogether.
    for (const pid_t pid : pids) kill(pid, SIGSTOP);
    const Answer hung = tool("waits --json");
    tell(hung.status == 1 && Json(hung.text)["deadlocks"].size() == 1, "the same with all of them stopped", hung.text);
    cast.over();
    for (const HANDLE h : m) CloseHandle(h);
    CloseHandle(sure);
    meeting.close();
    const Answer after = until("waits --json", [](const Answer &a) { return a.status == 0; });
    tell(after.status == 0 && Json(after.text)["waits"].size() == 0, "nothing of it is left when they are dead",
         after.text);
}

// ---- two processes, A and B crossed, and what else ------------------------------------------------------------------

template <typename First, typename Second>
Answer crossed(Cast &cast, First first, Second second, bool deadlock, size_t waiting = 2) {
    const HANDLE a = mutex("A"), b = mutex("B");
    const Meeting meeting(2);
    cast.add("first", [&] {
        take(a);
        meeting.meet();
        first(a, b);
    });
    cast.add("second", [&] {
        take(b);
        meeting.meet();
        second(a, b);
    });
    meeting.all_are_there();
    CloseHandle(a), CloseHandle(b);
    meeting.close();
    Answer answer = until_waiting(waiting);
    return deadlock ? until_deadlock() : answer;
}
void wants_a(HANDLE a, HANDLE) { WaitForSingleObject(a, INFINITE); }

void wait_all() {
    Cast cast;
    const HANDLE there = CreateSemaphoreA(nullptr, 1, 1, "seat");
    const Answer answer = crossed(cast, [&](HANDLE, HANDLE b) { all_of(there, b); }, wants_a, true);
    tell(answer.status == 1 && Json(answer.text)["deadlocks"][size_t{0}]["cycle"].size() == 2,
         "a wait for all is in the cycle by the one object that is out of reach", answer.text);
    tell(tool("waits").has("waits for all of 2 objects, among them mutex \"B\""), "and is told as what it is",
         tool("waits").text);
    CloseHandle(there);
}

void wait_any_is_free() {
    Cast cast;
    const HANDLE way_out = event("way out");
    const Answer answer = crossed(cast, [&](HANDLE, HANDLE b) { any_of(b, way_out); }, wants_a, false);
    tell(answer.status == 0 && Json(answer.text)["waits"].size() == 2 && !answer.has("\"stuck\":true"),
         "a wait for any with a way out is no deadlock", answer.text);
    tell(SetEvent(way_out), "and it goes that way");
    // Now the first stands still with A in its hand: the second waits for one who is not in a wait.
    const Answer after = until("waits", [](const Answer &a) { return a.has("sleeps, but not in a wait of winshim"); });
    tell(after.status == 0 && after.has("owned by first["), "the owner sleeps elsewhere, which is said", after.text);
    CloseHandle(way_out);
}

void wait_any_is_stuck() {
    Cast cast;
    const HANDLE c = mutex("C"), has_a = event("the first has A", TRUE);
    const Meeting third(1);
    const HANDLE a = mutex("A");
    cast.add("third", [&] {
        take(c);
        third.meet();
        take(has_a);
        WaitForSingleObject(a, INFINITE);
    });
    third.all_are_there();
    const Answer answer = crossed(
        cast,
        [&](HANDLE, HANDLE b) {
            SetEvent(has_a);
            any_of(b, c);
        },
        wants_a, true, 3);
    const Json all(answer.text);
    tell(answer.status == 1 && is_stuck(all["waits"], "first", true) && is_stuck(all["waits"], "second", true) &&
             is_stuck(all["waits"], "third", true),
         "a wait for any is stuck if all its ways are", answer.text);
    tell(tool("waits").has("waits for any of 2 objects, all of them out of reach"), "and is told as what it is");
    CloseHandle(a), CloseHandle(c), CloseHandle(has_a);
    third.close();
}

void with_a_timeout() {
    Cast cast;
    const Answer answer = crossed(cast, [](HANDLE, HANDLE b) { WaitForSingleObject(b, 600'000); }, wants_a, true);
    const double left = Json(answer.text)["deadlocks"][size_t{0}]["timeout_in_s"].number();
    tell(answer.status == 1 && left > 300 && left <= 600, "a time-out in a deadlock is told", answer.text);
    tell(tool("waits").has("the first of their time-outs comes in "), "in words, too", tool("waits").text);
}

void alertable() {
    Cast cast;
    const Answer answer = crossed(
        cast, [](HANDLE, HANDLE b) { WaitForSingleObjectEx(b, INFINITE, TRUE); }, wants_a, true);
    const Answer words = tool("waits");
    tell(answer.status == 1 && words.has("1 of them can be woken by a call that is queued to it"),
         "an alertable wait in a deadlock", words.text);
}

void for_a_process() {
    Cast cast;
    const HANDLE a = mutex("held by the one who waits");
    const Meeting meeting(2);
    const pid_t child = cast.add("child", [&] {
        meeting.meet();
        WaitForSingleObject(a, INFINITE);
    });
    cast.add("parent", [&] {
        take(a);
        const HANDLE process = OpenProcess(SYNCHRONIZE, FALSE, static_cast<DWORD>(child));
        meeting.meet();
        WaitForSingleObject(process, INFINITE);
    });
    meeting.all_are_there();
    const Answer answer = until_deadlock();
    tell(answer.status == 1 && Json(answer.text)["deadlocks"][size_t{0}]["cycle"].size() == 2,
         "a deadlock through the wait for the end of a process", answer.text);
    CloseHandle(a);
    meeting.close();
}

HANDLE of_the_thread;
DWORD WINAPI wants_the_mutex(void *) { return WaitForSingleObject(of_the_thread, INFINITE); }

void for_a_thread() {
    Cast cast;
    of_the_thread = mutex("held by the one who joins");
    cast.add("joiner", [] {
        take(of_the_thread);
        WaitForSingleObject(CreateThread(nullptr, 0, wants_the_mutex, nullptr, 0, nullptr), INFINITE);
    });
    const Answer answer = until_deadlock();
    tell(answer.status == 1 && Json(answer.text)["deadlocks"][size_t{0}]["cycle"].size() == 2,
         "a deadlock of two threads of one process, through the end of one", answer.text);
    CloseHandle(of_the_thread);
}

void for_its_own_process() {
    Cast cast;
    cast.add("narcissus", [] {
        WaitForSingleObject(OpenProcess(SYNCHRONIZE, FALSE, GetCurrentProcessId()), INFINITE);
    });
    const Answer answer = until_deadlock();
    tell(answer.status == 1 && tool("waits").has("1 thread waits for itself"),
         "a thread that waits for its own process", answer.text);
}

void a_stopped_owner() {
    Cast cast;
    const HANDLE held = mutex("held by one who is stopped");
    const Meeting meeting(1);
    const pid_t owner = cast.add("hanging", [&] {
        take(held);
        meeting.meet();
    });
    meeting.all_are_there();
    cast.add("patient", [&] { WaitForSingleObject(held, INFINITE); });
    kill(owner, SIGSTOP);
    until_waiting(1);
    const Answer answer = until("waits", [](const Answer &a) { return a.has("which is stopped"); });
    tell(answer.status == 0 && answer.has("owned by hanging[" + std::to_string(owner) + "], which is stopped"),
         "the owner is stopped: no deadlock, and said", answer.text);
    const Answer objects = tool("objects");
    tell(objects.status == 0 && objects.has("patient["), "objects work as well", objects.text);
    CloseHandle(held);
    meeting.close();
}

void two_at_once() {
    Cast cast;
    const HANDLE m[] = {mutex("p"), mutex("q"), mutex("r"), mutex("s")};
    const Meeting meeting(4);
    for (int i = 0; i < 4; ++i)
        cast.add("pair", [&, i] {
            take(m[i]);
            meeting.meet();
            WaitForSingleObject(m[i ^ 1], INFINITE);
        });
    meeting.all_are_there();
    const Answer answer = until("waits --json", [](const Answer &a) { return Json(a.text)["deadlocks"].size() == 2; });
    tell(Json(answer.text)["deadlocks"].size() == 2, "two deadlocks are two", answer.text);
    for (const HANDLE h : m) CloseHandle(h);
    meeting.close();
}

}  // namespace

int main() {
    const Answer none = tool("waits");
    tell(none.status == 0 && none.has("there is none"), "nobody uses winshim: said, status 0", none.text);
    tell(Json(tool("waits --json").text)["waits"].size() == 0 && Json(tool("waits --json").text).valid(),
         "as JSON, too");
    tell(tool_loud("waits --nonsense").status == 2 && tool_loud("waits --json --dot").status == 2,
         "wrong options: status 2");
    const HANDLE stays = event("keeps the segment");
    three_processes();
    wait_all();
    wait_any_is_free();
    wait_any_is_stuck();
    with_a_timeout();
    alertable();
    for_a_process();
    for_a_thread();
    for_its_own_process();
    a_stopped_owner();
    two_at_once();
    CloseHandle(stays);
    return verdict();
}
