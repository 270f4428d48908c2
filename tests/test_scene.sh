#!/bin/sh
# test_scene.sh - the main job in small, and the proof that its checks can fail.
#
# Purpose   docs/examples/scene with few transfers must succeed; with a worker that leaves out the mutex, or a new owner
#           that leaves out the repair, it must report that very fault, exit with 1, and still leave nothing behind.
# Needs     BUILD: the build folder, with the examples in it
set -u
scene="${BUILD:?}/docs/examples/scene"
here=$(mktemp -d) || exit 1
trap 'rm -rf "$here"' EXIT
mkdir "$here/tmp"
export TMPDIR="$here/tmp"
unset WINSHIM_NAMESPACE WINSHIM_PROFILE
failures=0

# expect TITLE STATUS PATTERN ARGUMENT...: runs the scene; STATUS is its exit status, PATTERN is in what it says.
expect() {
    title=$1 status=$2 pattern=$3
    shift 3
    "$scene" --transfers 400 "$@" >"$here/said" 2>&1 </dev/null
    got=$?
    trouble=
    [ "$got" -eq "$status" ] || trouble="exit status $got instead of $status"
    grep -q -e "$pattern" "$here/said" || trouble="$trouble; \"$pattern\" was not said"
    grep -q '^nothing is left in /dev/shm' "$here/said" || trouble="$trouble; something is left in /dev/shm"
    [ -z "$(ls "$TMPDIR")" ] || trouble="$trouble; something is left in TMPDIR"
    if [ -z "$trouble" ]; then
        echo "ok    $title"
    else
        echo "FAIL  $title: $trouble"
        sed 's/^/      | /' "$here/said"
        failures=$((failures + 1))
    fi
}

expect 'one of six is killed, nothing is lost' 0 '^ledger verified: .* none lost, none doubled'
expect 'one of two is killed, nothing is lost' 0 '^transfer 251 of worker 2, .* was rolled back' --workers 2
export WINSHIM_PROFILE=nt
expect 'the nt profile plays the same scene'   0 '^winshim .* profile nt'
unset WINSHIM_PROFILE
expect 'one transfer without the mutex is noticed' 1 '^WRONG: worker [0-9]*.* missing' --sabotage mutex
expect 'an update that is not repaired is noticed' 1 '^WRONG: worker 3, .* never repaired' --sabotage repair
exit $((failures > 0))
