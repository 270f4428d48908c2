#!/usr/bin/env bash
# test_trace_summary.sh - winshim trace summary: what lines add up to, in text and JSON, and the plot.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tool=$(cd "$root/${BUILD:-build}" && pwd)/winshim
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
passed=0 failed=0
verdict() {  # verdict STATUS WHAT
  if [[ $1 == 0 ]]; then echo "ok $2"; passed=$((passed + 1)); else echo "FAIL $2"; failed=$((failed + 1)); fi
}
says() {  # says WHAT FILE TEXT
  local status=0
  grep -qF -- "$3" "$2" || { status=1; echo "     no $3 in:"; sed 's/^/     /' "$2"; }
  verdict "$status" "$1"
}

# ---- lines whose sums are known, the same calls in both forms --------------------------------------------------------
cat >text <<'END'
2026-01-02T03:04:05.000001Z 10:11 CreateEventA(lpEventAttributes=NULL, bManualReset=TRUE, bInitialState=FALSE, lpName="a \"b\", error= <9> (0x4 event \"no\")") = 0x4 event "a \"b\", error= <9> (0x4 event \"no\")" error=ERROR_SUCCESS <0.000002000>
2026-01-02T03:04:05.000002Z 10:11 WaitForSingleObject(hHandle=0x4 event "go", dwMilliseconds=INFINITE) = WAIT_OBJECT_0 error=ERROR_SUCCESS <1.500000000>
2026-01-02T03:04:05.000003Z 12:12 WaitForSingleObject(hHandle=0x8 event "go", dwMilliseconds=10) = WAIT_TIMEOUT error=ERROR_SUCCESS <0.010000000>
2026-01-02T03:04:05.000004Z 10:11 WaitForMultipleObjects(nCount=2, lpHandles=[0x4 event "go", 0xc mutex "m"], bWaitAll=FALSE, dwMilliseconds=INFINITE) = WAIT_OBJECT_0+1 error=ERROR_SUCCESS <0.200000000>
2026-01-02T03:04:05.000005Z 10:11 WaitForMultipleObjects(nCount=2, lpHandles=[0x4 event "go", 0xc mutex "m"], bWaitAll=TRUE, dwMilliseconds=INFINITE) = WAIT_OBJECT_0 error=ERROR_SUCCESS <0.100000000>
2026-01-02T03:04:05.000006Z 10:11 SignalObjectAndWait(hObjectToSignal=0x4 event "go", hObjectToWaitOn=0xc mutex "m", dwMilliseconds=INFINITE, bAlertable=FALSE) = WAIT_ABANDONED error=ERROR_SUCCESS <0.300000000>
2026-01-02T03:04:05.000007Z 10:11 EnterCriticalSection(lpCriticalSection=0x7f00) error=ERROR_SUCCESS <0.050000000>
2026-01-02T03:04:05.000008Z 10:11 SleepConditionVariableCS(ConditionVariable=0x7f80, CriticalSection=0x7f00, dwMilliseconds=INFINITE) = TRUE error=ERROR_SUCCESS <0.070000000>
2026-01-02T03:04:05.000009Z 10:11 WaitForSingleObject(hHandle=0x14 semaphore, dwMilliseconds=INFINITE) ...
2026-01-02T03:04:05.000010Z 10:11 ReleaseSemaphore(hSemaphore=0x14 semaphore, lReleaseCount=1, lpPreviousCount=0x7ffd) = TRUE {lpPreviousCount=3} error=ERROR_SUCCESS <0.000001000>
2026-01-02T03:04:05.000011Z 10:11 ExitThread(dwExitCode=0) ...
END
cat >json <<'END'
{"time":"2026-01-02T03:04:05.000001Z","pid":10,"tid":11,"function":"CreateEventA","arguments":{"lpEventAttributes":null,"bManualReset":true,"bInitialState":false,"lpName":"a \"b\""},"result":{"handle":"0x4","type":"event","name":"a \"b\""},"error":0,"error_name":"ERROR_SUCCESS","seconds":0.000002000}
{"time":"2026-01-02T03:04:05.000002Z","pid":10,"tid":11,"function":"WaitForSingleObject","arguments":{"hHandle":{"handle":"0x4","type":"event","name":"go"},"dwMilliseconds":"INFINITE"},"result":"WAIT_OBJECT_0","error":0,"error_name":"ERROR_SUCCESS","seconds":1.500000000}
{"time":"2026-01-02T03:04:05.000003Z","pid":12,"tid":12,"function":"WaitForSingleObject","arguments":{"hHandle":{"handle":"0x8","type":"event","name":"go"},"dwMilliseconds":10},"result":"WAIT_TIMEOUT","error":0,"error_name":"ERROR_SUCCESS","seconds":0.010000000}
{"time":"2026-01-02T03:04:05.000004Z","pid":10,"tid":11,"function":"WaitForMultipleObjects","arguments":{"nCount":2,"lpHandles":[{"handle":"0x4","type":"event","name":"go"},{"handle":"0xc","type":"mutex","name":"m"}],"bWaitAll":false,"dwMilliseconds":"INFINITE"},"result":"WAIT_OBJECT_0+1","error":0,"error_name":"ERROR_SUCCESS","seconds":0.200000000}
{"time":"2026-01-02T03:04:05.000005Z","pid":10,"tid":11,"function":"WaitForMultipleObjects","arguments":{"nCount":2,"lpHandles":[{"handle":"0x4","type":"event","name":"go"},{"handle":"0xc","type":"mutex","name":"m"}],"bWaitAll":true,"dwMilliseconds":"INFINITE"},"result":"WAIT_OBJECT_0","error":0,"error_name":"ERROR_SUCCESS","seconds":0.100000000}
{"time":"2026-01-02T03:04:05.000006Z","pid":10,"tid":11,"function":"SignalObjectAndWait","arguments":{"hObjectToSignal":{"handle":"0x4","type":"event","name":"go"},"hObjectToWaitOn":{"handle":"0xc","type":"mutex","name":"m"},"dwMilliseconds":"INFINITE","bAlertable":false},"result":"WAIT_ABANDONED","error":0,"error_name":"ERROR_SUCCESS","seconds":0.300000000}
{"time":"2026-01-02T03:04:05.000007Z","pid":10,"tid":11,"function":"EnterCriticalSection","arguments":{"lpCriticalSection":"0x7f00"},"error":0,"error_name":"ERROR_SUCCESS","seconds":0.050000000}
{"time":"2026-01-02T03:04:05.000008Z","pid":10,"tid":11,"function":"SleepConditionVariableCS","arguments":{"ConditionVariable":"0x7f80","CriticalSection":"0x7f00","dwMilliseconds":"INFINITE"},"result":true,"error":0,"error_name":"ERROR_SUCCESS","seconds":0.070000000}
{"time":"2026-01-02T03:04:05.000009Z","pid":10,"tid":11,"function":"WaitForSingleObject","arguments":{"hHandle":{"handle":"0x14","type":"semaphore"},"dwMilliseconds":"INFINITE"},"event":"enter"}
{"time":"2026-01-02T03:04:05.000010Z","pid":10,"tid":11,"function":"ReleaseSemaphore","arguments":{"hSemaphore":{"handle":"0x14","type":"semaphore"},"lReleaseCount":1,"lpPreviousCount":"0x7ffd"},"result":true,"stored":{"lpPreviousCount":3},"error":0,"error_name":"ERROR_SUCCESS","seconds":0.000001000}
{"time":"2026-01-02T03:04:05.000011Z","pid":10,"tid":11,"function":"ExitThread","arguments":{"dwExitCode":0},"event":"enter"}
END
for form in text json; do
  status=0
  "$tool" trace summary --json "$form" >"sums-$form" || status=$?
  verdict "$status" "$form: status 0"
  says "$form: lines, none unreadable" "sums-$form" '{"lines":11,"unreadable":0,'
  says "$form: calls that had a result count once" "sums-$form" '{"function":"WaitForSingleObject","calls":2,"waits":2,"timeouts":1,"total_ns":1510000000,"blocked_ns":1510000000,"longest_ns":1500000000}'
  says "$form: calls that do not wait" "sums-$form" '{"function":"ReleaseSemaphore","calls":1,"waits":0,"timeouts":0,"total_ns":1000,"blocked_ns":0,"longest_ns":1000}'
  says "$form: a call that does not return" "sums-$form" '{"function":"ExitThread","calls":1,'
  # go: 1.5 s and 0.01 s alone, 0.1 s with the other; the wait that got the mutex is not its own.
  says "$form: an object over two processes" "sums-$form" '{"object":"event \"go\"","calls":5,"waits":3,"timeouts":1,"total_ns":2110000000,"blocked_ns":1610000000,"longest_ns":1500000000}'
  says "$form: a wait for any counts for what it got" "sums-$form" '{"object":"mutex \"m\"","calls":3,"waits":3,"timeouts":0,"total_ns":600000000,"blocked_ns":600000000,"longest_ns":300000000}'
  says "$form: a lock of the process" "sums-$form" '{"object":"critical section 0x7f00 of process 10","calls":2,"waits":1,"timeouts":0,"total_ns":120000000,"blocked_ns":50000000,"longest_ns":50000000}'
  says "$form: a condition variable, not its lock" "sums-$form" '{"object":"condition variable 0x7f80 of process 10","calls":1,"waits":1,'
done
status=0
cmp -s sums-text sums-json || { status=1; diff sums-text sums-json | head -5; }
verdict "$status" "both forms add up to the same"

# ---- the table, several files, standard input, errors ----------------------------------------------------------------
"$tool" trace summary text - <json >table
says "table: two files, one of them standard input" table '20 calls of 8 functions'
says "table: a function" table '4      3.02 s    755.0 ms  1.50 s    2          WaitForSingleObject'
says "table: an object" table '6      1.20 s    200.0 ms  300.0 ms  0          mutex "m"'
"$tool" trace summary --top 1 text >top
status=0
[[ $(grep -c 'WaitFor\|Enter' top) == 1 ]] || status=1
verdict "$status" "--top"
{ cat text; echo 'not of a trace'; echo '{"function":'; } >mixed
status=0
"$tool" trace summary mixed >table || status=$?
verdict $((status == 1 ? 0 : 1)) "lines that are not of a trace: status 1"
says "  and said" table '2 lines are not of a trace'
for wrong in "" "summary" "other text" "summary nothing-there" "summary --bad text" "summary --top x text" "summary --svg /nowhere/x text"; do
  status=0
  # shellcheck disable=SC2086
  "$tool" trace $wrong >/dev/null 2>&1 || status=$?
  verdict $((status == 2 ? 0 : 1)) "status 2: trace $wrong"
done
"$tool" trace --help >help
says "--help" help 'usage: winshim trace summary'

# ---- bytes that are no line: read to the end, without harm -----------------------------------------------------------
status=0
for ((i = 0; i < 60; ++i)); do
  head -c $((RANDOM % 4000)) text | tail -c $((RANDOM % 2000 + 1))
  echo
  head -c $((RANDOM % 4000)) json | tail -c $((RANDOM % 2000 + 1))
  printf '\0\n'
  head -c 300 /dev/urandom
done >noise
"$tool" trace summary --json --svg noise.svg noise >/dev/null || status=$?
verdict $((status == 0 || status == 1 ? 0 : 1)) "torn and random lines"

# ---- the plot --------------------------------------------------------------------------------------------------------
"$tool" trace summary --svg plot.svg text >/dev/null
says "plot: an SVG" plot.svg '<svg xmlns="http://www.w3.org/2000/svg"'
says "plot: an object" plot.svg 'event "go"</text>'
says "plot: its bar, the longest" plot.svg 'width="440.0"'
says "plot: the label of the bar" plot.svg '1.61 s, 3 waits'
sed 's/"go"/"<\&>"/' text >special
"$tool" trace summary --svg plot.svg special >/dev/null
says "plot: names are text" plot.svg 'event "&lt;&amp;&gt;"</text>'

# ---- what the library writes today is read ---------------------------------------------------------------------------
cat >program.c <<'END'
#include <windows.h>
int main(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, "real \"name\"");
    WaitForSingleObject(event, 30);
    SetEvent(event);
    return WaitForSingleObject(event, INFINITE) != WAIT_OBJECT_0;
}
END
${CC:-gcc} ${SANITIZE:+-fsanitize=$SANITIZE} -I"$root/winapi_headers" program.c -o program -L"$(dirname "$tool")" -Wl,-rpath,"$(dirname "$tool")" -lwinshim -pthread
for format in text json; do
  WINSHIM_TRACE=$work/real-$format WINSHIM_TRACE_FORMAT=$format ./program
  "$tool" trace summary --json "real-$format" >sums
  says "real, $format: the lines" sums '{"lines":4,"unreadable":0,'
  says "real, $format: the object" sums '{"object":"event \"real \\\"name\\\"\"","calls":3,"waits":2,"timeouts":1,'
done

echo "$passed passed, $failed failed"
((failed == 0))
