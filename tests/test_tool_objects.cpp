// test_tool_objects.cpp - winshim objects: what it says of each type, of those who have and wait, of the dead.
#include <fcntl.h>
#include <sys/stat.h>

#include "tests/support/json.h"
#include "tests/support/tool.h"

using namespace tool_test;

namespace {

Json object(const char *name) {
    return Json(tool("objects --json").text)["objects"].find("name", name);
}

void each_type(Cast &cast) {
    const HANDLE once_set = event("auto");
    SetEvent(once_set), ResetEvent(once_set);  // its word counts on, whether it is signaled or not
    SetEvent(event("manual", TRUE));
    CreateSemaphoreA(nullptr, 2, 5, "semaphore");
    LARGE_INTEGER in_an_hour;
    in_an_hour.QuadPart = -36'000'000'000;
    SetWaitableTimer(CreateWaitableTimerA(nullptr, FALSE, "timer"), &in_an_hour, 250, nullptr, nullptr, FALSE);
    CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0, 8192, "mapping");
    const HANDLE twice = mutex("twice");
    take(twice), take(twice);
    const pid_t ended = cast.add("ends", [] {});
    HANDLE process = OpenProcess(SYNCHRONIZE, FALSE, static_cast<DWORD>(ended));
    HANDLE thread = nullptr;
    DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(), &thread, 0, FALSE,
                    DUPLICATE_SAME_ACCESS);

    // Between its fork and its first steps the copies of a child are nobody's yet.
    Answer answer = tool("objects --json");
    for (const time_t end = time(nullptr) + kPatienceSeconds; time(nullptr) < end; answer = tool("objects --json"))
        if (Json(answer.text)["objects"].find("name", "auto")["handles"][1]["process"]["pid"].number() == ended) break;
    const Json all(answer.text), &objects = all["objects"];
    const auto is = [&](const char *name, const char *member, double wanted) {
        return objects.find("name", name)[member].number() == wanted;
    };
    tell(answer.status == 0 && all.valid() && objects.size() >= 6, "JSON that is JSON", answer.text);
    tell(objects.find("name", "auto")["type"].text() == "event" &&
             !objects.find("name", "auto")["signaled"].is_true() &&
             !objects.find("name", "auto")["manual_reset"].is_true(),
         "an auto-reset event", answer.text);
    tell(objects.find("name", "manual")["signaled"].is_true() &&
             objects.find("name", "manual")["manual_reset"].is_true(),
         "a manual-reset event that is set", answer.text);
    tell(is("semaphore", "count", 2) && is("semaphore", "maximum", 5), "a semaphore's count and maximum", answer.text);
    const double due = objects.find("name", "timer")["due_in_s"].number();
    tell(due > 3000 && due <= 3600 && is("timer", "period_ms", 250), "when a timer is due", answer.text);
    tell(is("mapping", "bytes", 8192), "a mapping's size", answer.text);
    const Json &owner = objects.find("name", "twice")["owner"];
    tell(is("twice", "recursion", 2) && owner["pid"].number() == getpid() && owner["tid"].number() == gettid() &&
             owner["alive"].is_true(), "a mutex's owner and recursion", answer.text);
    const Json &handles = objects.find("name", "auto")["handles"];
    tell(handles.size() == 2 && handles[size_t{0}]["count"].number() == 1 &&
             handles[size_t{0}]["process"]["pid"].number() == getpid() &&
             handles[1]["process"]["pid"].number() == ended,
         "who has handles, and how many: the fork has copies", answer.text);
    const Json &mine = objects.find("type", "thread");
    tell(mine["tid"].number() == gettid() && mine["exit_code"].is_null(), "a thread that has not ended", answer.text);
    tell(process == nullptr || objects.find("type", "process")["pid"].number() == ended, "a process", answer.text);

    const Answer text = tool("objects");
    for (const char *part :
         {"mutex", "\"twice\"", ", 2 times", "count 2 of 5", "not signaled, auto-reset", "signaled, manual-reset",
          "8192 bytes", "due in 59 min", "every 250 ms", "objects, 0 threads wait"})
        tell(text.has(part), std::string("the table says ") + part, text.text);
    tell(!text.has("\033"), "without colours", text.text);
    for (const HANDLE h : {process, thread}) CloseHandle(h);
    cast.over();
}

void filters() {
    const auto count_of = [](const std::string &arguments) {
        return Json(tool("objects --json " + arguments).text)["objects"].size();
    };
    tell(count_of("--type semaphore") == 1, "by type");
    tell(count_of("--type mapping") == 1, "by type: mapping");
    tell(count_of("'t*'") == 2 && count_of("'t*' auto") == 3 && count_of("nothing") == 0, "by name");
    tell(count_of("--type event 'm*'") == 1, "by both");
    tell(count_of("--pid " + std::to_string(getpid())) >= 6 && count_of("--pid 1") == 0, "by process");
    tell(count_of("--waited") == 0, "by being waited for");
    tell(tool_loud("objects --type nonsense").status == 2 && tool_loud("objects --pid x").status == 2,
         "wrong ones: status 2");
}

void names() {
    const HANDLE odd[] = {event("a \"b\" c"), event("\x1B[31mred\a"), event("stra\xC3\x9F" "e \xF0\x9F\x8D\xB4")};
    const Answer answer = tool("objects --json"), text = tool("objects");
    const Json all(answer.text), &objects = all["objects"];
    tell(all.valid() && objects.find("name", "a \\\"b\\\" c")["type"].text() == "event", "names with quotation marks",
         answer.text);
    tell(objects.find("name", "\\u001b[31mred\\u0007")["type"].text() == "event", "with control characters",
         answer.text);
    tell(objects.find("name", "stra\\u00dfe \\ud83c\\udf74")["type"].text() == "event", "beyond ASCII", answer.text);
    tell(!text.has("\033") && text.has("\\x1b[31mred\\x07"), "no control character reaches a terminal", text.text);
    if (shell("command -v python3").status == 0)
        tell(shell("\"$W\" objects --json | python3 -m json.tool").status == 0, "and python3 reads it", answer.text);
    const std::string longest(250, 'x');
    const HANDLE h = event(longest.c_str());
    tell(tool("objects --json " + longest).has(longest), "a name of many cells");
    CloseHandle(h);
    for (const HANDLE one : odd) CloseHandle(one);
}

void waiters(Cast &cast) {
    const HANDLE e = event("waited for"), both = event("and this");
    const pid_t pid = cast.add("patient", [&] { WaitForSingleObject(e, INFINITE); });
    until_waiting(1, "objects --json");  // the first in the queue
    cast.add("picky", [&] { all_of(e, both); });
    until_waiting(3, "objects --json");  // the second waits for two
    usleep(1'100'000);                   // so that there is something to tell
    const Json seen = object("waited for");
    const Json &first = seen["waiters"][size_t{0}];
    tell(seen["waiters"].size() == 2 && first["thread"]["pid"].number() == pid && !first["all"].is_true() &&
             seen["waiters"][1]["all"].is_true(), "who waits", tool("objects --json").text);
    tell(first["waited_s"].number() >= 1 && first["waited_s"].number() < 600, "and since when",
         tool("objects --json").text);
    tell(Json(tool("objects --json --waited").text)["objects"].size() == 2, "--waited shows those two");
    tell(tool("objects").has("patient[" + std::to_string(pid) + "] "), "in the table, too");
    cast.over();
    CloseHandle(e), CloseHandle(both);
}

void an_abandoned_mutex(Cast &cast) {
    const HANDLE m = mutex("left behind");
    const Meeting meeting(1);
    const pid_t pid = cast.add("careless", [&] {
        take(m);
        meeting.meet();
    });
    meeting.all_are_there();
    cast.kill_now(pid);
    const Json seen = object("left behind");
    tell(seen["abandoned"].is_true() || (seen["owner"]["tid"].number() == pid && !seen["owner"]["alive"].is_true()),
         "a mutex whose owner is dead", tool("objects --json").text);
    const Answer text = tool("objects");
    tell(text.has("free, abandoned") || text.has("which is dead"), "in words", text.text);
    tell(WaitForSingleObject(m, 0) == WAIT_ABANDONED && ReleaseMutex(m), "it is taken over");
    tell(object("left behind")["owner"].is_null() && !object("left behind")["abandoned"].is_true(),
         "and is as any other then");
    CloseHandle(m);
    meeting.close();
}

void watching() {
    const Answer lines = shell("timeout 60 \"$W\" objects --json --watch=1 auto | head -n 2");
    tell(count(lines.text, "\n") == 2, "--watch looks again and again", lines.text);
    bool valid = true;
    for (size_t at = 0, end; (end = lines.text.find('\n', at)) != std::string::npos; at = end + 1)
        valid = valid && Json(lines.text.substr(at, end - at)).valid();
    tell(valid, "each time a line of JSON", lines.text);
    if (shell("command -v script").status != 0) return;
    const Answer terminal = shell("TERM=xterm script -qec '\"$W\" objects twice' /dev/null </dev/null");
    tell(terminal.has("\033["), "colours on a terminal", terminal.text);
    const Answer plain = shell("NO_COLOR=1 TERM=xterm script -qec '\"$W\" objects twice' /dev/null </dev/null");
    tell(!plain.has("\033[") && plain.has("twice"), "but not with NO_COLOR", plain.text);
}

// Everybody stands still, the tool looks: not a byte of the segment is another.
void it_changes_nothing(Cast &cast) {
    const HANDLE m = mutex("still");
    const Meeting meeting(1);
    const pid_t pid = cast.add("statue", [&] {
        take(m);
        meeting.meet();
    });
    meeting.all_are_there();
    const pid_t waiter = cast.add("waiting statue", [&] { WaitForSingleObject(m, INFINITE); });
    until_waiting(1);
    for (const pid_t statue : {pid, waiter}) kill(statue, SIGSTOP), waitpid(statue, nullptr, WUNTRACED);
    const std::string path = Json(tool("objects --json").text)["segment"].text();
    const Answer before = shell("cksum <" + path);
    struct stat then, now;
    stat(path.c_str(), &then);
    for (const char *look : {"objects", "objects --json", "waits", "waits --dot", "waits --json", "check"}) tool(look);
    const Answer after = shell("cksum <" + path);
    stat(path.c_str(), &now);
    tell(before.text == after.text && before.status == 0 && !before.text.empty() && then.st_blocks == now.st_blocks,
         "looking changes nothing in the segment", before.text + after.text);
    cast.over();
    CloseHandle(m);
    meeting.close();
}

}  // namespace

int main() {
    const Answer none = tool("objects");
    tell(none.status == 0 && none.has("there is none"), "nobody uses winshim: said, status 0", none.text);
    const Answer empty = tool("objects --json");
    tell(Json(empty.text).valid() && Json(empty.text)["objects"].size() == 0, "as JSON, too", empty.text);
    Cast cast;
    each_type(cast);
    filters();
    names();
    waiters(cast);
    an_abandoned_mutex(cast);
    watching();
    it_changes_nothing(cast);
    return verdict();
}
