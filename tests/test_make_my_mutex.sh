#!/bin/sh
# test_make_my_mutex.sh - the page's example as two programs: made or found, handed on, abandoned.
#
# Purpose   Runs docs/examples/make_my_mutex as processes that share nothing but the name of the mutex, and holds their
#           words against what the page promises. Order comes from what they say, not from sleeping.
# Needs     BUILD: the build folder, with the examples in it
set -u
program="${BUILD:?}/docs/examples/make_my_mutex"
here=$(mktemp -d) || exit 1
first= second=
trap 'kill -9 $first $second 2>/dev/null; rm -rf "$here"' EXIT
export WINSHIM_NAMESPACE="${WINSHIM_NAMESPACE:-make-my-mutex-$$}"
unset WINSHIM_PROFILE
failures=0

# says FILE TEXT: waits at most 10 s for a line that begins with TEXT.
says() {
    patience=1000
    until grep -q -e "^$2" "$1" 2>/dev/null; do
        patience=$((patience - 1))
        [ "$patience" -gt 0 ] || return 1
        sleep 0.01
    done
}

# check TITLE COMMAND...
check() {
    title=$1
    shift
    if "$@"; then
        echo "ok    $title"
    else
        echo "FAIL  $title"
        sed 's/^/      | /' "$here"/*.said
        failures=$((failures + 1))
    fi
}

mkfifo "$here/enter1" "$here/enter2"
"$program" <"$here/enter1" >"$here/1.said" 2>&1 &
first=$!
exec 3>"$here/enter1"
check 'the first process makes the mutex'       says "$here/1.said" 'made the mutex'
check 'and owns it'                             says "$here/1.said" 'own the mutex'
"$program" <"$here/enter2" >"$here/2.said" 2>&1 &
second=$!
exec 4>"$here/enter2"
check 'the second is told that it exists'       says "$here/2.said" 'another process has made the mutex'
sleep 0.2  # shows that it blocks, orders nothing
check 'and waits while the first owns it'       sh -c "! grep -q own '$here/2.said'"
echo >&3
wait "$first"
check 'the first lets go and ends well'         [ $? -eq 0 ]
check 'the second owns the mutex, not abandoned' says "$here/2.said" 'own the mutex; Enter'
"$program" </dev/null >"$here/3.said" 2>&1 &
first=$!
check 'a third waits'                           says "$here/3.said" 'another process has made the mutex'
kill -9 "$second"
check 'and is told that the owner died'         says "$here/3.said" 'own the mutex; its last owner died'
wait "$first"
check 'owns it in full and ends well'           [ $? -eq 0 ]
"$program" </dev/null >"$here/4.said" 2>&1
check 'when all are gone the name is free'      says "$here/4.said" 'made the mutex'
exit $((failures > 0))
