#!/usr/bin/env bash
# test_conformance.sh - winshim fits the statements, and the suite that says so can say otherwise.
#
# Purpose   All cases in all profiles on the built library. Then libraries with a defect each, made here: they are
#           linked with the built one, so that what they do not define is found there. A function that is missing,
#           wrong, fatal or endless is a result; what has nothing to do with it is judged all the same.
# Needs     BUILD: the build folder. CC. SANITIZE: as given to make
set -u
cd "$(dirname "$0")/.." || exit 1
build=$(cd "${BUILD:?}" && pwd)
suite=$build/conformance/winshim-conformance
here=$(mktemp -d) || exit 1
trap 'rm -rf "$here"' EXIT
sanitize=${SANITIZE:+-fsanitize=$SANITIZE}
export WINSHIM_NAMESPACE="${WINSHIM_NAMESPACE:-conformance-test-$$-}"
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0"  # what a case has made goes with its process
unset WINSHIM_PROFILE
said=$here/said

verdict() { # STATUS TITLE
    if [ "$1" = 0 ]; then echo "ok $2"; else echo "FAIL $2"; tail -n 60 "$said" | sed 's/^/      | /'; fi
}

# ---- statements and cases, and the library --------------------------------------------------------------------------
conformance/statements/check "$suite" >"$said"
verdict $? "statements and cases fit together ($(tail -n 1 "$said"))"
conformance/report --check >"$said"
verdict $? 'docs/conformance.md has these numbers'
"$suite" --lib "$build/libwinshim.so.0" --strict --quiet --jobs 2 --tap "$here/all.tap" --junit "$here/all.xml" \
    ${SANITIZE:+--limit 120} >"$said"
verdict $? "the library fits the statements ($(tail -n 1 "$said"))"
plan=$(sed -n 's/^1\.\.//p' "$here/all.tap")
[ "$plan" -gt 500 ] && [ "$(grep -c '^\(not \)\?ok ' "$here/all.tap")" = "$plan" ]
verdict $? "TAP: as many results as planned ($plan)"
[ "$(grep -c '<testcase ' "$here/all.xml")" = "$plan" ] && tail -n 1 "$here/all.xml" | grep -q '^</testsuites>$'
verdict $? 'XML: the same number'

# ---- libraries with a defect ----------------------------------------------------------------------------------------
# library NAME LINKED...: from C on the standard input
library() {
    local name=$1
    shift
    # shellcheck disable=SC2086
    ${CC:-gcc} -shared -fPIC -g $sanitize -x c - -o "$here/$name.so" -x none "$@" -Wl,-rpath,"$build" 2>"$said" ||
        verdict 1 "$name.so builds"
}
on_top=(-Wl,--no-as-needed "$build/libwinshim.so.0")

# judges NAME STATUS OPTION...: a case of SetEvent, and one that does without it
judges() {
    local name=$1 wanted=$2 status
    shift 2
    "$suite" --lib "$here/$name.so" --profiles nt --jobs 2 "$@" SetEvent-02 LastError-01 >"$said" 2>&1
    status=$?
    [ $status = "$wanted" ]
    verdict $? "$name: ends with $wanted (it was $status)"
}
shows() { # PATTERN TITLE
    grep -q -e "$1" "$said"
    verdict $? "$2"
}
others_pass() { shows '^ok .*last_error.what_is_set_is_got' "$1: the others are judged"; }

library missing <<'END'
static unsigned last;
unsigned GetLastError(void) { return last; }
void SetLastError(unsigned code) { last = code; }
END
judges missing 0
shows '^ok .*SetEvent-02.*# SKIP missing CreateEventW' 'missing: named, and skipped'
shows '^# .*, 0 failed.* [1-9][0-9]* missing' 'missing: counted'
others_pass missing
judges missing 1 --strict

library crashing "${on_top[@]}" <<'END'
int SetEvent(void *event) { (void)event; return *(volatile int *)8; }
END
judges crashing 1
shows '^not ok .*SetEvent-02' 'crashing: it is a failure'
if [ -z "$sanitize" ]; then shows 'outcome: "crashed"' 'crashing: it is a crash'; fi  # a sanitizer makes an exit of it
others_pass crashing

library hanging "${on_top[@]}" <<'END'
#include <unistd.h>
int SetEvent(void *event) { (void)event; for (;;) pause(); }
END
judges hanging 1 --limit 15  # the other case must end within it, however busy the machine is
shows 'outcome: "hung"' 'hanging: it is a hang'
others_pass hanging

library leaving "${on_top[@]}" <<'END'
#include <stdlib.h>
int SetEvent(void *event) { (void)event; exit(0); }
END
judges leaving 1
shows '^not ok .*SetEvent-02' 'leaving: a process that ends well, but early, is a failure'
others_pass leaving

library wrong "${on_top[@]}" <<'END'
int SetEvent(void *event) { return event != 0; }
END
judges wrong 1
shows 'statement: "SetEvent-02"' 'wrong: the statement is named'
shows 'expected: "0, last error as it was"' 'wrong: so is what was expected'
shows 'got: "258, last error as it was"' 'wrong: and what came'
others_pass wrong
printf 'nt set_event.sets_do_not_add_up # it sets nothing\n' >"$here/known"
judges wrong 0 --known "$here/known"
shows '^not ok .*# TODO known difference' 'wrong, and known: told, and no failure'
printf 'nt last_error.what_is_set_is_got # said, but not so\n' >>"$here/known"
judges wrong 1 --known "$here/known"
shows 'out of date' 'known, but it passes: a failure'

printf 'no library\n' >"$here/broken.so"
judges broken 2
"$suite" --lib "$build/libwinshim.so.0" no-such-case >"$said" 2>&1
[ $? = 2 ]
verdict $? 'a word that no case has is an error'
"$suite" --no-such-option >"$said" 2>&1
[ $? = 2 ]
verdict $? 'so is an unknown option'
# shellcheck disable=SC2046  # words
"$suite" --lib "$build/libwinshim.so.0" --profiles nt --quiet $(seq -f 'no-such-case-%g' 100) CloseHandle-01 --jobs 1 \
  >"$said" 2>&1
verdict $? 'of a hundred words, one that a case has'
