#!/bin/sh
# test_random.sh - a sample of the random sequences, and those that once failed.
#
# Purpose   conformance/random plays a fixed number of sequences on the library and on the model; each sequence that is
#           kept in conformance/random/kept plays as it is written there.
# Needs     BUILD: the build folder, with the programs in it; SANITIZE: a sanitized library is slower
set -u
programs="${BUILD:?}/conformance/random"
steps=24000
[ -z "${SANITIZE:-}" ] || steps=6000
failures=0

# expect TITLE COMMAND...: succeeds.
expect() {
    title=$1
    shift
    if said=$("$@" 2>&1 </dev/null); then
        echo "ok    $title"
    else
        echo "FAIL  $title"
        printf '%s\n' "$said" | sed 's/^/      | /'
        failures=$((failures + 1))
    fi
}

expect "$steps random calls do what the model says" "$programs/random" --seed 1 --steps "$steps"
for sequence in conformance/random/kept/*.c; do
    [ -e "$sequence" ] || continue
    name=$(basename "$sequence" .c)
    expect "kept sequence $name" "$programs/kept/$name"
done
exit $((failures > 0))
