// test_tool_signals.cpp - winshim set, reset, pulse, wait, lock: named objects from a shell, and their exit statuses.
#include "tests/support/json.h"
#include "tests/support/tool.h"

using namespace tool_test;

namespace {

void events() {
    const HANDLE a = event("a"), b = event("b", TRUE);
    tell(tool("set a").status == 0 && WaitForSingleObject(a, 0) == WAIT_OBJECT_0, "set signals");
    tell(tool("set b").status == 0 && tool("reset b").status == 0 && WaitForSingleObject(b, 0) == WAIT_TIMEOUT,
         "reset resets");
    const Answer several = tool("set --json a none b 2>/dev/null");
    const Json said(several.text);
    tell(several.status == 1 && said["events"].find("name", "a")["done"].is_true() &&
             !said["events"].find("name", "none")["done"].is_true() && WaitForSingleObject(b, 0) == WAIT_OBJECT_0,
         "one is not there: status 1, and the others are done", several.text);
    tell(tool_loud("set none").has("there is no event none"), "which is said");
    const HANDLE m = mutex("a mutex");
    tell(tool_loud("set 'a mutex'").status == 1 && tool_loud("set 'a mutex'").has("is no event"),
         "a mutex is no event");
    tell(tool_loud("set").status == 2 && tool_loud("set --profile nonsense a").status == 2, "wrong calls: status 2");
    ResetEvent(a), ResetEvent(b);
    Cast cast;
    const HANDLE woken = event("woken");
    cast.add("sleeper", [&] {
        take(b);
        SetEvent(woken);
    });
    until_waiting(1);
    tell(tool("pulse b").status == 0 && WaitForSingleObject(woken, 20'000) == WAIT_OBJECT_0 &&
             WaitForSingleObject(b, 0) == WAIT_TIMEOUT, "pulse releases who waits, and nothing stays");
    const HANDLE global = CreateEventA(nullptr, FALSE, FALSE, "by profile");
    tell(tool("set --profile nt 'Local\\by profile'").status == 0 && WaitForSingleObject(global, 0) == WAIT_OBJECT_0,
         "names as the profile has them");
    tell(tool_loud("set --namespace elsewhere a").status == 1, "another namespace has other names");
    for (const HANDLE h : {a, b, m, woken, global}) CloseHandle(h);
}

void waits() {
    const HANDLE e = event("e"), f = event("f", TRUE), s = CreateSemaphoreA(nullptr, 2, 2, "s"), m = mutex("m");
    SetEvent(e);
    tell(tool("wait e").status == 0 && tool("wait --timeout 0 e").status == 124,
         "0: signaled and taken, 124: time-out");
    tell(tool("wait --timeout 100 e").status == 124, "a time-out that comes");
    SetEvent(f);
    const Answer which = tool("wait e f s");
    tell(which.status == 0 && which.text == "f\n", "of several it says which", which.text);
    tell(tool("wait --json e f").has("{\"result\":\"signaled\",\"name\":\"f\"}"), "as JSON, too");
    tell(tool("wait --all --timeout 0 e f").status == 124, "all: not while one is missing");
    SetEvent(e);
    tell(tool("wait --all e f s").status == 0 && WaitForSingleObject(e, 0) == WAIT_TIMEOUT, "all at once are taken");
    tell(tool("wait m").status == 0 && tool("wait --timeout 0 m").status == 0, "a mutex is let go again");
    tell(tool_loud("wait nothing").status == 1 && tool_loud("wait nothing").has("there is no object"),
         "not there: status 1");
    tell(tool_loud("wait").status == 2 && tool_loud("wait --timeout x e").status == 2 &&
             tool_loud("wait --type x e").status == 2,
         "wrong calls: status 2");
    tell(tool_loud("wait --type semaphore e").status == 1 && tool("wait --type semaphore s").status == 0, "by type");

    Cast cast;
    const Meeting meeting(1);
    const pid_t owner = cast.add("careless", [&] {
        take(m);
        meeting.meet();
    });
    meeting.all_are_there();
    tell(tool("wait --timeout 50 m").status == 124, "a mutex that another one has");
    cast.kill_now(owner);
    const Answer abandoned = tool("wait --json m");
    tell(abandoned.status == 123 && abandoned.has("\"abandoned\""), "123: abandoned", abandoned.text);
    tell(tool("wait m").status == 0, "only once");

    // A signal ends it in order: it is in nobody's way afterwards.
    const Answer ended =
        shell("\"$W\" wait e & p=$!; while ! \"$W\" waits | grep -q winshim; do :; done; kill -TERM $p; wait $p");
    tell(ended.status == 128 + SIGTERM, "a signal ends it: 128 + its number", ended.text);
    const Answer dead = tool("check --json");
    tell(Json(dead.text)["dead"].number() == 0 && Json(dead.text).valid(), "in order", dead.text);
    for (const HANDLE h : {e, f, s, m}) CloseHandle(h);
    meeting.close();
}

void locks() {
    const HANDLE m = mutex("l");
    tell(shell("\"$W\" lock l -- sh -c 'echo in; exit 7'").status == 7, "the command's status is handed on");
    tell(shell("\"$W\" lock l -- sh -c 'kill -USR1 $$'").status == 128 + SIGUSR1, "its signal, too");
    tell(shell("\"$W\" lock l -- sh -c '\"$W\" lock --timeout 0 l -- true 2>/dev/null'").status == 124,
         "124: it is locked meanwhile");
    tell(WaitForSingleObject(m, 0) == WAIT_OBJECT_0 && ReleaseMutex(m), "and free afterwards");
    tell(shell("\"$W\" lock l -- /no/such 2>/dev/null").status == 127 &&
             shell("\"$W\" lock l -- / 2>/dev/null").status == 126,
         "126 and 127: the command cannot be run");
    tell(tool_loud("lock l").status == 125 && tool_loud("lock -- true").status == 125 &&
             tool_loud("lock --x l -- true").status == 125,
         "125: wrong calls");
    const HANDLE e = event("no mutex");
    tell(tool_loud("lock 'no mutex' -- true").status == 125 && tool_loud("lock 'no mutex' -- true").has("is no mutex"),
         "an event is no mutex");
    tell(shell("\"$W\" lock new -- \"$W\" objects new").has("owned by winshim["), "a mutex that is not there is made");
    tell(tool("objects --json new").has("\"objects\":[]"), "and is gone afterwards");

    // Three counters by a file that is read and written: without the lock increments would be lost.
    const Answer sum = shell(
        "d=$(mktemp -d); echo 0 >$d/n; for i in 1 2 3; do (for j in 1 2 3 4 5 6 7 8; do \"$W\" lock l -- sh -c "
        "'read n <'$d'/n; echo $((n + 1)) >'$d'/n'; done) & done; wait; cat $d/n; rm -r $d");
    tell(sum.text == "24\n", "it excludes", sum.text);

    const Answer handed = shell(
        "\"$W\" lock l -- sh -c 'trap \"echo got it; exit 5\" USR2; echo ready >&2; while :; do sleep 0.05; done' "
        "2>fifo.$$ & p=$!; while ! grep -q ready fifo.$$ 2>/dev/null; do sleep 0.02; done; "
        "kill -USR2 $p; wait $p; s=$?; rm -f fifo.$$; exit $s");
    tell(handed.status == 5 && handed.has("got it"), "signals are handed on to the command", handed.text);

    Cast cast;
    const Meeting meeting(1);
    const auto abandon = [&] {
        const Meeting one(1);
        const pid_t owner = cast.add("careless", [&] {
            take(m);
            one.meet();
        });
        one.all_are_there();
        cast.kill_now(owner);
        one.close();
    };
    abandon();
    tell(shell("\"$W\" lock --refuse-abandoned l -- echo no 2>/dev/null").status == 123, "123: abandoned, and refused");
    const Answer told = shell("\"$W\" lock l -- sh -c 'echo $WINSHIM_ABANDONED'");
    tell(told.status == 0 && told.text == "1\n", "it stays abandoned; and the command is told", told.text);
    tell(shell("\"$W\" lock l -- sh -c 'echo -$WINSHIM_ABANDONED'").text == "-\n", "once");
    const Answer killed = shell(
        "f=$(mktemp); \"$W\" lock l -- sh -c 'echo $$ >'$f'; exec sleep 60' >/dev/null & p=$!; "
        "while ! [ -s $f ]; do sleep 0.02; done; kill -KILL $p; wait $p 2>/dev/null; "
        "\"$W\" lock l -- sh -c 'echo $WINSHIM_ABANDONED'; kill $(cat $f); rm $f");
    tell(killed.has("1\n"), "the lock of one that is killed is abandoned", killed.text);
    CloseHandle(m), CloseHandle(e);
    meeting.close();
}

}  // namespace

int main() {
    tell(tool_loud("set a").status == 1 && tool_loud("wait a").status == 1, "nobody uses winshim: nothing is there");
    tell(tool("objects").has("there is none"), "and looking for it makes no segment");
    const HANDLE stays = event("keeps the segment");
    events();
    waits();
    locks();
    CloseHandle(stays);
    return verdict();
}
