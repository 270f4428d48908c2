#!/usr/bin/env bash
# test_preload.sh - a program that was built against another Win32 library, with winshim preloaded.
#
# Purpose   What it does with the other library's things is the same to the byte; what winshim does is what the names
#           say it does. The other library is tests/preload/other.c, the program legacy.c: with handles that are addresses
#           and that are small numbers, calling itself directly and by name, linked with and opened by a plug-in. And
#           `winshim run`: the environment, the messages, the exit statuses.
# Needs     BUILD: the build folder. CC: a compiler. SANITIZE: as given to make
set -u
cd "$(dirname "$0")/.." || exit 1
build=$(cd "${BUILD:?}" && pwd)
here=$(mktemp -d) || exit 1
trap 'rm -rf "$here"' EXIT
cc=${CC:-gcc}
winshim=$build/winshim
library=$build/libwinshim.so.0
real_library=$(readlink -f "$library")
export WINSHIM_NAMESPACE=${WINSHIM_NAMESPACE:-}preload
# The run-time library of a sanitizer wants to be the first of all.
first=
case ${SANITIZE:-} in
  *address*) first=$($cc -print-file-name=libasan.so) ;;
  *thread*) first=$($cc -print-file-name=libtsan.so) ;;
  *undefined*) first=$($cc -print-file-name=libubsan.so) ;;
esac
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0"  # other.c keeps what it closed

failed=0
verdict() { # STATUS TITLE: what was said is in $here/said
  if [[ $1 == 0 ]]; then echo "ok $2"; else echo "FAIL $2"; sed 's/^/      | /' "$here/said"; failed=1; fi
}
# same TITLE FILE FILE
same() {
  diff "$2" "$3" >"$here/said" 2>&1
  verdict $? "$1"
}
preloaded() { LD_PRELOAD=${first:+$first:}$library "$@"; }
alone() { LD_PRELOAD=$first "$@"; }

# ---- the other library and the program, in several forms ------------------------------------------------------------
options=(-g -O1 -Wall -Wextra -Werror -pthread)
make_legacy() { # NAME HOW OPTION...: HOW linked or opened
  local folder=$here/$1 how=$2
  shift 2
  mkdir "$folder" && $cc "${options[@]}" "$@" -fPIC -shared tests/preload/other.c -o "$folder/libother.so" || return
  local libraries=(-L"$folder" -lother "-Wl,-rpath,$folder")
  if [[ $how == linked ]]; then
    $cc "${options[@]}" "$@" tests/preload/legacy.c -o "$folder/legacy" "${libraries[@]}"
  else
    $cc "${options[@]}" "$@" -fPIC -shared -Dmain=plug_in tests/preload/legacy.c -o "$folder/plug_in.so" \
      "${libraries[@]}" &&
      $cc "${options[@]}" "-DPLUG_IN=\"$folder/plug_in.so\"" -xc - -o "$folder/legacy" <<'END'
#include <dlfcn.h>
int main(int argc, char **argv)
{
    void *plug_in = dlopen(PLUG_IN, RTLD_NOW | RTLD_LOCAL);
    int (*run)(int, char **) = plug_in ? (int (*)(int, char **))dlsym(plug_in, "plug_in") : 0;
    return run ? run(argc, argv) : 9;
}
END
  fi
}
direct=-Wl,-Bsymbolic-functions
{
  make_legacy direct linked $direct && make_legacy by-name linked && 
    make_legacy ties linked $direct -DOTHER_TIES_EVENTS &&
    make_legacy small linked $direct -DOTHER_SMALL_HANDLES &&
    make_legacy low linked $direct -DOTHER_LOW_HANDLES && make_legacy plug-in opened $direct
} >"$here/said" 2>&1
verdict $? "programs are built against a library that is not winshim"

# ---- every function with a handle -----------------------------------------------------------------------------------
# ... is in the table of those that are handed on (shim/next/names.h), or knows why not: what it is given is for later
# (and goes through a function that is), reserved, or goes through GetThreadId and its like.
exempt=' LoadLibraryEx SetEventWhenCallbackReturns ReleaseSemaphoreWhenCallbackReturns ReleaseMutexWhenCallbackReturns
 SetThreadpoolWait SetThreadpoolWaitEx GetProcessAffinityMask SetProcessAffinityMask SetThreadAffinityMask
 SetThreadGroupAffinity GetThreadGroupAffinity SetThreadIdealProcessor CreateFile '
{
  printf '#define A(kind, name) <kind>\n'
  for form in FUNCTION TEXT_FUNCTION MIXED_FUNCTION WIDE_FUNCTION PRINT_FUNCTION WIDE_PRINT_FUNCTION; do
    printf '#define %s(result, name, ...) %s name __VA_ARGS__;\n' "$form" "$form"
  done
  printf '#include "shim/relay/table.def"\n'
} | $cc -E -P -I. -x c - | tr '\n' ' ' | tr ';' '\n' >"$here/signatures"
status=0 seen=0
: >"$here/said"
while read -r form name rest; do
  [[ $rest == *'<handle>'* || $rest == *'<handles>'* ]] || continue
  seen=$((seen + 1))
  case $form in TEXT_* | MIXED_*) exported=${name}A ;; *) exported=$name ;; esac
  [[ ${exempt//$'\n'/ } == *" $name "* ]] && continue
  { grep -q "row($exported)" shim/next/names.h &&
    grep -rqE "(FOREIGN|HAND_ON|HAND_ON_AS|LEAVE)\($exported,|Name::$exported\b|MAPPING_FORMS\(.*$exported" shim; } ||
    { echo "$exported is given a handle and hands it on to nobody" >>"$here/said"; status=1; }
done <"$here/signatures"
[[ $seen -gt 50 ]] || status=1
verdict $status "each of the $seen functions that are given a handle is handed on"

# ---- what stays as it was -------------------------------------------------------------------------------------------
for form in direct by-name ties small low plug-in; do
  legacy=$here/$form/legacy
  alone "$legacy" files errors memory threads >"$here/alone" 2>&1
  echo "status $?" >>"$here/alone"
  preloaded "$legacy" files errors memory threads >"$here/preloaded" 2>&1
  echo "status $?" >>"$here/preloaded"
  [[ $form == small ]] || same "$form: files, sockets, errors and memory of the other library stay as they were" \
    "$here/alone" "$here/preloaded"
  # The numbers of small handles are in no list that could tell them from a multiple of four: these are odd.
  [[ $form != small ]] || same "small: the same with handles that are small numbers" "$here/alone" "$here/preloaded"
  grep -q '^status 0$' "$here/alone" && grep -q 'threads: 0 bad' "$here/alone"
  verdict $? "$form: and they do work"
done

# ---- what changes, as documented ------------------------------------------------------------------------------------
cat >"$here/changed" <<'END'
auto-reset event: winshim
wait object(0), wait timeout
named event: winshim, child 0, wait object(0)
mutex of a thread that ended: wait abandoned(0)
END
cat >"$here/unchanged" <<'END'
auto-reset event: other
wait object(0), wait object(0)
named event: other, child 0, wait timeout
mutex of a thread that ended: wait timeout
END
cat >"$here/mixed" <<'END'
event of winshim, socket of other
no time: timeout
some time: timeout
event: object(0)
socket: object(1)
socket and last: object(1)
all three: object(0)
last: object(2)
all of them: failed(50)
two sockets: object(0)
signal and wait: failed(50)
alertable: object(0)
duplicated 1 wait object(0)
closed again 0 error 6 by winshim
END
for form in direct by-name ties low plug-in; do
  legacy=$here/$form/legacy
  alone "$legacy" auto named abandoned >"$here/out" 2>&1
  # Small handles say "winshim" of nobody's; so they are not asked here.
  same "$form: alone it has neither names nor auto-reset nor abandonment" "$here/unchanged" "$here/out"
  preloaded "$legacy" auto named abandoned >"$here/out" 2>&1
  same "$form: preloaded it has named events across processes, auto-reset events, abandoned mutexes" \
    "$here/changed" "$here/out"
  preloaded "$legacy" mixed >"$here/out" 2>&1
  same "$form: a wait for handles of both works for any, and says no for all" "$here/mixed" "$here/out"
done

# ---- events that only the other library can tie to a descriptor -----------------------------------------------------
legacy=$here/ties/legacy
preloaded "$legacy" manual >"$here/out" 2>&1
cat >"$here/expected" <<'END'
manual-reset event: other, 1 more of the other's
wait timeout, set 1, wait object(0), reset 1, wait timeout
tied 0, wait timeout, wait object(0)
closed 1
END
same "a library that ties events to descriptors keeps its nameless manual-reset events" "$here/expected" "$here/out"
preloaded "$here/direct/legacy" manual >"$here/out" 2>&1
cat >"$here/expected" <<'END'
manual-reset event: winshim, 0 more of the other's
wait timeout, set 1, wait object(0), reset 1, wait timeout
closed 1
END
same "of another library they are winshim's as well" "$here/expected" "$here/out"

# The shell of a 64-bit machine cannot have a library for i386 preloaded.
foreign=
if [[ ${CC:-} == *-m32* ]]; then
  foreign=yes
  echo "what the shell does preloaded: skipped, it is for another architecture"
fi

# ---- nothing in /dev/shm before there is a reason -------------------------------------------------------------------
if [[ ${WINSHIM_TEST_OWN_SHM:-} ]]; then
  preloaded "$here/ties/legacy" files errors memory manual threads shm >"$here/said" 2>&1
  grep -q 'in /dev/shm: nothing' "$here/said"
  verdict $? "who has handles of the other library only makes nothing in /dev/shm"
  if [[ ! $foreign ]]; then
    preloaded sh -c 'ls -A /dev/shm; true' >"$here/said" 2>&1 && [[ ! -s $here/said ]]
    verdict $? "who never calls makes nothing in /dev/shm"
  fi
else
  echo "what is left in /dev/shm: skipped, others use it here"
fi

# ---- winshim run ----------------------------------------------------------------------------------------------------
run() { LD_PRELOAD=$first "$winshim" run "$@"; }
run "$here/direct/legacy" auto named abandoned >"$here/out" 2>&1
same "winshim run does the same as LD_PRELOAD" "$here/changed" "$here/out"
if [[ ! $foreign ]]; then
  run sh -c "exec '$here/direct/legacy' auto named abandoned" >"$here/out" 2>&1
  same "children inherit it" "$here/changed" "$here/out"

  run --profile nt --namespace=some.where --trace="$here/trace.txt" -- sh -c \
    'echo "$WINSHIM_PROFILE $WINSHIM_NAMESPACE $WINSHIM_TRACE $LD_PRELOAD"' >"$here/out" 2>"$here/err"
  echo "nt some.where $here/trace.txt ${first:+$first:}$real_library" >"$here/expected"
  same "its options are the environment of the program" "$here/expected" "$here/out"
  run --profile=ce5 --namespace other "$winshim" run sh -c 'echo "$WINSHIM_PROFILE $WINSHIM_NAMESPACE $LD_PRELOAD"' \
    >"$here/out" 2>&1
  echo "ce5 other ${first:+$first:}$real_library" >"$here/expected"
  same "run within run preloads once" "$here/expected" "$here/out"
  # Some library or other that is there already.
  libc=$($cc -print-file-name=libm.so.6)
  LD_PRELOAD=${first:+$first:}$libc "$winshim" run sh -c 'echo "$LD_PRELOAD"' >"$here/out" 2>&1
  echo "${first:+$first:}$libc:$real_library" >"$here/expected"
  same "what is preloaded already stays, in front" "$here/expected" "$here/out"
fi

# says STATUS TEXT ARGUMENT...: run ends with this status and says that
says() {
  local status=$1 text=$2
  shift 2
  run "$@" >"$here/said" 2>&1 </dev/null
  local ended=$?
  [[ $ended == "$status" ]] && grep -q -- "$text" "$here/said"
  verdict $? "winshim run ${*##*/}: $status, $text"
}
echo 'int main(void) { return 3; }' >"$here/static.c"
[[ $foreign ]] || says 7 '^bye$' sh -c 'echo bye; exit 7'
says 127 'No such file' nonesuch
says 127 'No such file' "$here/nonesuch"
says 126 'Permission denied' "$here/static.c"
says 126 'Permission denied' "$here"
says 125 'usage' --
says 125 'usage'
says 125 'no option --bogus' --bogus sh
says 125 'no profile nonsense' --profile nonsense sh
says 125 'wants a value' --namespace
says 0 'LD_PRELOAD' --help
[[ $foreign ]] || says 0 '^-x$' -- printf '%s\n' -x
if $cc -static "$here/static.c" -o "$here/static" 2>/dev/null; then says 125 'linked statically' "$here/static"; fi
head -c 64 /bin/sh >"$here/elsewhere" && chmod +x "$here/elsewhere" && printf '\1' |
  dd of="$here/elsewhere" bs=1 seek=4 conv=notrunc 2>/dev/null  # another class of ELF
says 125 'another architecture' "$here/elsewhere"
exit $failed
