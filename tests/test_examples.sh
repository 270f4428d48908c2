#!/usr/bin/env bash
# test_examples.sh - the programs of docs/examples do what their first lines say: built in each way, run, killed.
#
# Purpose   at_most, config_broadcast, log_monitor, service and supervisor are processes that meet by names. Each is
#           played with here as a user would, deaths included. Order comes from what they say, not from sleeping.
#           Then once more, with half of the processes built by the other compiler, as UNICODE, with 2-byte wchar_t.
#           (make_my_mutex and the scene have tests of their own; deadlock is for Linux, so it is played with once.)
# Needs     BUILD: the build folder, with the examples in it. CC: compiler. SANITIZE: as given to make
set -u
cd "$(dirname "$0")/.." || exit 1
build=$(cd "${BUILD:?}" && pwd)
source=docs/examples
programs='at_most config_broadcast log_monitor service supervisor'
here=$(mktemp -d) || exit 1
export WINSHIM_NAMESPACE="${WINSHIM_NAMESPACE:-examples-$$}"
unset WINSHIM_PROFILE
space=$WINSHIM_NAMESPACE
started=() feeds=()
trap 'kill -9 "${started[@]}" 2>/dev/null; rm -rf "$here"' EXIT
failures=0

# check TITLE COMMAND...
check() {
    local title=$1
    shift
    if "$@"; then
        echo "ok $title$way"
    else
        echo "FAIL $title$way"
        tail -n 12 "$play"/*.said 2>/dev/null | sed 's/^/      | /'
        failures=$((failures + 1))
    fi
}

# run_alone COMMAND...: in place of this shell, without the ends of pipes that others are fed by.
run_alone() {
    local fd
    for fd in "${feeds[@]}"; do exec {fd}>&-; done
    exec "$@"
}

# start NAME COMMAND...: in the background; what it says goes to NAME.said, its process id into `pid`.
start() {
    local name=$1
    shift
    run_alone "$@" >"$play/$name.said" 2>&1 </dev/null &
    pid=$!
    started+=("$pid")
}

# start_fed NAME COMMAND...: the same, and what is written to the descriptor `feed` is its standard input.
start_fed() {
    local name=$1
    shift
    mkfifo "$play/$name.feed"
    run_alone "$@" >"$play/$name.said" 2>&1 <"$play/$name.feed" &
    pid=$!
    started+=("$pid")
    exec {feed}>"$play/$name.feed"
    feeds+=("$feed")
}

# says NAME PATTERN [COUNT]: waits at most 60 s until so many lines match.
says() {
    local patience=6000
    until [ "$(grep -c -e "$2" "$play/$1.said" 2>/dev/null)" -ge "${3:-1}" ] 2>/dev/null; do
        patience=$((patience - 1))
        [ $patience -gt 0 ] || return 1
        sleep 0.01
    done
}

never_said() { ! grep -q -e "$2" "$play/$1.said"; }
count() { grep -c -e "$2" "$play/$1.said"; }
ends_with() { wait "$2"; [ $? -eq "$1" ]; }

# gone PID: waits at most 60 s until it is no process, or one that has ended and was not asked for.
gone() {
    local patience=6000
    while grep -q '^State:[[:space:]]*[^ZX]' "/proc/$1/status" 2>/dev/null; do
        patience=$((patience - 1))
        [ $patience -gt 0 ] || return 1
        sleep 0.01
    done
}

# ---- at_most: two places, four who want one --------------------------------------------------------------------------
play_at_most() {
    local first second third fourth one two
    # shellcheck disable=SC2016  # for the shell inside
    local command='echo "place $AT_MOST_PLACE"; read line; exit 7'
    start_fed first "$mine/at_most" 2 test sh -c "$command"
    first=$pid one=$feed
    check 'at_most: the first has place 1' says first '^place 1$'
    start_fed second "$theirs/at_most" 2 test sh -c "$command"
    second=$pid two=$feed
    check 'at_most: the second has place 2' says second '^place 2$'
    start third "$mine/at_most" 2 test sh -c "$command"
    third=$pid
    check 'at_most: the third waits' says third 'all places are taken'
    check 'at_most: another name has other places' sh -c "'$theirs/at_most' 1 other true </dev/null"
    kill -9 "$second"
    check 'at_most: a killed one leaves its place, and that is said' says third 'place 2 was left by a dead process'
    check 'at_most: the third has it' says third '^place 2$'
    check 'at_most: and hands on the exit status' ends_with 7 "$third"
    start fourth "$theirs/at_most" 2 test sh -c 'echo "place $AT_MOST_PLACE"; exit 3'
    fourth=$pid
    check 'at_most: the fourth finds place 2 free' ends_with 3 "$fourth"
    check 'at_most: nobody died with it' never_said fourth 'dead process'
    echo >&"$one"
    check 'at_most: the first was not disturbed' ends_with 7 "$first"
    exec {one}>&- {two}>&-    # what the killed one had started ends here
    check 'at_most: arguments arrive in one piece' \
        [ "$("$mine/at_most" 1 test printf '<%s>' 'a b' '' 'c"d' 'e\' 'f g\' '\"')" = '<a b><><c"d><e\><f g\><\">' ]
    "$mine/at_most" 1 test ./no/such/command 2>/dev/null
    check 'at_most: a command that is not there is a failure' [ $? -eq 125 ]
}

# ---- config_broadcast: everybody sees the last version ---------------------------------------------------------------
play_config_broadcast() {
    local publisher lines i
    local followers=()
    start early "$mine/config_broadcast" follow
    check 'config_broadcast: without a publisher there is nothing to follow' ends_with 0 "$pid"
    start_fed publisher "$mine/config_broadcast" publish
    publisher=$pid lines=$feed
    check 'config_broadcast: one publishes' says publisher '^publish$'
    echo 'level 0' >&"$lines"
    for i in 1 2 3 4; do
        start "follower$i" "$theirs/config_broadcast" follow
        followers+=("$pid")
        check "config_broadcast: follower $i finds the version that is there" says "follower$i" '^version 1: level 0$'
    done
    start another "$mine/config_broadcast" publish
    check 'config_broadcast: a second publisher is refused' ends_with 1 "$pid"
    for i in $(seq 1 400); do echo "level $i"; done >&"$lines"
    for i in 1 2 3 4; do
        check "config_broadcast: follower $i sees the last of many" says "follower$i" '^version 401: level 400$'
        check "config_broadcast: follower $i has seen none torn, and none twice" awk '
            /^version/ { if ($2 + 0 <= last || $2 != $4 + 1 ":") exit 1; last = $2 + 0 }' "$play/follower$i.said"
    done
    kill -9 "$publisher"
    for i in 1 2 3 4; do check "config_broadcast: follower $i ends" ends_with 0 "${followers[i - 1]}"; done
    check 'config_broadcast: one of them was told of the death' [ "$(cat "$play"/follower*.said | grep -c died)" = 1 ]
    check 'config_broadcast: the others, that nobody publishes' \
        [ "$(cat "$play"/follower*.said | grep -c 'nobody publishes')" = 3 ]
    exec {lines}>&-
    start_fed next "$theirs/config_broadcast" publish
    lines=$feed
    check 'config_broadcast: the next publisher' says next '^publish$'
    start late "$mine/config_broadcast" follow
    check 'config_broadcast: is followed' says late '^follow$'
    echo 'on' >&"$lines"
    check 'config_broadcast: to its first version' says late '^version 1: on$'
    exec {lines}>&-
    check 'config_broadcast: and to its end' says late '^nobody publishes any more$'
}

# ---- log_monitor: lines in order, monitors that take over, writers that die ------------------------------------------
play_log_monitor() {
    local monitor held i writers=() survivors=0
    start_fed holder "$mine/log_monitor" write
    held=$feed
    start monitor "$theirs/log_monitor"
    monitor=$pid
    check 'log_monitor: the first shows the log' says monitor '^the log:'
    echo 'hello' >&"$held"
    check 'log_monitor: what is written' says monitor '^[0-9]* hello$'
    start second "$mine/log_monitor"
    check 'log_monitor: the second waits' says second '^another monitor shows the log'
    kill -9 "$monitor"
    check 'log_monitor: it is told of the death' says second '^that one died$'
    echo 'still there' >&"$held"
    check 'log_monitor: it takes over' says second '^[0-9]* still there$'
    check 'log_monitor: and does not begin again' never_said second 'hello'
    monitor=$pid
    for i in 1 2 3; do
        seq -f "w$i %04.0f" 1 2000 >"$play/lines$i"
        # shellcheck disable=SC2016  # for the shell inside
        start "writer$i" sh -c 'exec "$1" write <"$2"' sh "$theirs/log_monitor" "$play/lines$i"
        writers+=("$pid")
    done
    says second ' w3 ' && kill -9 "${writers[2]}" 2>/dev/null    # wherever it is, if it still is
    for i in 0 1; do ends_with 0 "${writers[i]}" && survivors=$((survivors + 1)); done
    check 'log_monitor: a killed writer is in nobody'\''s way' [ $survivors = 2 ]
    echo 'the end' >&"$held"
    check 'log_monitor: the monitor is there to the end' says second '^[0-9]* the end$'
    check 'log_monitor: lines are whole, in the order of their writer, shown or counted as missed' awk '
        /^\([0-9]+ lines missed\)$/ { missed += substr($1, 2); next }
        $2 ~ /^w[123]$/ {
            if (NF != 3 || $3 !~ /^[0-9][0-9][0-9][0-9]$/ || $3 + 0 <= last[$2]) bad = 1
            last[$2] = $3 + 0; ++shown[$2]
        }
        END { exit bad || shown["w1"] + shown["w2"] + missed < 4000 || shown["w1"] + shown["w2"] + shown["w3"] > 6000 }
    ' "$play/second.said"
    kill -9 "$monitor"
    for i in $(seq 1 300); do echo "alone $i"; done >&"$held"
    start third "$theirs/log_monitor"
    check 'log_monitor: what was written while there was none is shown by the next' says third ' alone 300$'
    check 'log_monitor: or counted, where the ring was too small' awk '
        /lines missed/ { lines += substr($1, 2) } / alone / { ++lines } END { exit lines != 300 }' "$play/third.said"
    exec {held}>&-
}

# ---- service: nothing is cut off -------------------------------------------------------------------------------------
play_service() {
    local service
    "$mine/service" stop >"$play/nobody.said"
    check 'service: nobody to stop' says nobody '^the service does not run$'
    start service "$mine/service"
    service=$pid
    check 'service: it is ready' says service '^ready$'
    "$mine/service" >"$play/twice.said"
    check 'service: one at a time' says twice '^the service runs already$'
    "$theirs/service" submit 10 20 30
    check 'service: jobs are done' says service 'has done it$' 3
    check 'service: the timer makes it report' says service '^3 done, 0 wait$'
    # shellcheck disable=SC2046  # many words
    "$theirs/service" submit $(for i in $(seq 140); do echo 1000; done) >"$play/full.said"
    check 'service: the queue has an end' says full '^the queue is full$'
    "$theirs/service" stop
    check 'service: it ends when told to' ends_with 0 "$service"
    check 'service: each job that was begun was done' [ "$(count service begins)" = "$(count service 'has done it')" ]
    check 'service: the others are counted, not done' \
        sh -c "tail -n 1 '$play/service.said' | grep -q '^$(count service 'has done it') done, [1-9][0-9]* wait$'"
    start interrupted env --default-signal=INT "$mine/service"
    service=$pid
    check 'service: once more' says interrupted '^ready$'
    kill -INT "$service"
    check 'service: Ctrl-C is an order to stop' ends_with 0 "$service"
    check 'service: that is obeyed in the same way' says interrupted '^stops$'
}

# ---- supervisor: a worker that dies, in the middle of a task or not, and one that hangs ------------------------------
worker() { sed -n 's/^worker \([0-9]*\) started$/\1/p' "$play/$1.said" | tail -n 1; }

play_supervisor() {
    local supervisor n=0
    start supervisor "$mine/supervisor" 60000
    supervisor=$pid
    while never_said supervisor 'in the middle' && [ $n -lt 50 ]; do
        n=$((n + 1))
        says supervisor '^it lives$' $n || break
        kill -9 "$(worker supervisor)"
        says supervisor '^ended with 137 ' $n || break
    done
    check 'supervisor: a worker dies in the middle of its task' says supervisor '^ended with 137 in the middle of task'
    check 'supervisor: another one lives' says supervisor '^it lives$' $((n + 1))
    "$theirs/supervisor" >"$play/twice.said"
    check 'supervisor: one at a time' says twice '^another supervisor runs$'
    "$theirs/supervisor" stop
    check 'supervisor: it ends when told to' ends_with 0 "$supervisor"
    check 'supervisor: with its worker' gone "$(worker supervisor)"
    check 'supervisor: and counts each task once' awk '
        /in the middle of task/ { task = $9 + 0; if (task <= last) exit 1; last = task }
        /tasks done/ { exit $1 < last }' "$play/supervisor.said"
    start hanging "$mine/supervisor" 2000
    supervisor=$pid
    check 'supervisor: a worker lives' says hanging '^it lives$'
    kill -STOP "$(worker hanging)"
    check 'supervisor: it hangs, and is ended' says hanging '^ended with 99 '
    check 'supervisor: another one lives in its place' says hanging '^it lives$' 2
    kill -9 "$supervisor"
    check 'supervisor: a worker does not go on without it' gone "$(worker hanging)"
}

# ---- deadlock: what the command says of it ----------------------------------------------------------------------------
finds_the_deadlock() {
    local patience=600 name
    while "$build/winshim" waits >"$play/waits.said" 2>&1; do    # 1: there is one
        patience=$((patience - 1))
        [ $patience -gt 0 ] || return 1
        sleep 0.1
    done
    for name in plato hypatia kant; do grep -q "^$name.* deadlock 1 " "$play/waits.said" || return 1; done
}

play_deadlock() {
    start table "$mine/deadlock" 600
    check 'deadlock: the table stands still' says table '^the table stands still$'
    check 'deadlock: winshim waits names the three' finds_the_deadlock
}

# ---- all of it, for one way of building: mine and theirs are the folders of the programs -----------------------------
play_all() {
    local name
    for name; do
        play=$here/$name
        rm -rf "$play"
        mkdir "$play"
        WINSHIM_NAMESPACE=$space$name
        "play_$name"
        kill -9 "${started[@]}" 2>/dev/null
        wait
        started=() feeds=()
        # The last ones were killed, so what they have left is there until the next process has come and gone.
        "$mine/at_most" 1 broom true
        check "$name: nothing is left in /dev/shm" \
            [ -z "$(find /dev/shm -name "*$WINSHIM_NAMESPACE*" 2>/dev/null)" ]
    done
}

way=''
mine=$build/$source theirs=$mine play=$here
# shellcheck disable=SC2086  # one by one
play_all $programs deadlock
[ -z "${SANITIZE:-}" ] || exit $((failures > 0))

# compile COMPILER FOLDER FLAGS...
compile() {
    local compiler=$1 folder=$here/$2 name
    shift 2
    mkdir -p "$folder"
    for name in $programs make_my_mutex; do
        "$compiler" "${machine[@]}" -std=c99 -O2 -Wall -Wextra -Werror "$@" "$source/$name.c" -o "$folder/$name" \
            "${link[@]}" >>"$here/compile.said" 2>&1 || return 1
    done
    [ ! -s "$here/compile.said" ]
}

play=$here
export PKG_CONFIG_PATH=$build/pkgconfig
# shellcheck disable=SC2207  # its words
cflags=($(${PKG_CONFIG:-pkg-config} --cflags winshim)) link=($(${PKG_CONFIG:-pkg-config} --libs winshim))
# shellcheck disable=SC2206  # words: the compiler, and what it builds for (gcc -m32)
words=(${CC:-gcc})
machine=("${words[@]:1}")
for compiler in gcc clang; do
    command -v $compiler >/dev/null || continue
    check "built by $compiler" compile $compiler "$compiler" "${cflags[@]}"
    check "built by $compiler, UNICODE" compile $compiler "$compiler-U" "${cflags[@]}" -DUNICODE -D_UNICODE
    check "built by $compiler, UNICODE, 2-byte wchar_t" \
        compile $compiler "$compiler-s" "${cflags[@]}" -DUNICODE -D_UNICODE -fshort-wchar
done
link=() machine=()
if command -v x86_64-w64-mingw32-gcc >/dev/null; then
    check 'built for Windows by mingw-w64' compile x86_64-w64-mingw32-gcc windows
    check 'built for Windows by mingw-w64, UNICODE' compile x86_64-w64-mingw32-gcc windows-U -DUNICODE -D_UNICODE
fi
case ${CC:-gcc} in *clang*) theirs=$here/gcc-s ;; *) theirs=$here/clang-s ;; esac
if [ -d "$theirs" ]; then
    way=', with programs of the other compiler, UNICODE, 2-byte wchar_t'
    space=${space}b
    # shellcheck disable=SC2086
    play_all $programs
fi
exit $((failures > 0))
