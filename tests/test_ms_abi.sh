#!/usr/bin/env bash
# test_ms_abi.sh - the entry points in Microsoft's convention: objects of that convention, preloaded and looked up.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$(cd "$root/${BUILD:-build}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
verdict() {  # verdict STATUS WHAT
  if [[ $1 == 0 ]]; then echo "ok $2"; passed=$((passed + 1)); else echo "FAIL $2"; failed=$((failed + 1)); fi
}
cc=${CC:-gcc}
if [[ ! -e $build/libwinshim-msabi.so ]]; then
  echo "0 passed, 0 failed"  # another processor
  exit 0
fi
sanitize=${SANITIZE:+-fsanitize=$SANITIZE}
# The sanitizers' libraries come first, as they want to.
first=
for name in asan ubsan tsan; do
  [[ ${SANITIZE:-} == *address* && $name == asan || ${SANITIZE:-} == *undefined* && $name == ubsan || \
     ${SANITIZE:-} == *thread* && $name == tsan ]] && first="$first$($cc -print-file-name=lib$name.so) "
done

ms='__attribute__((ms_abi))'
words=()
for word in WINAPI WINAPIV CALLBACK NTAPI APIENTRY __stdcall __cdecl; do words+=("-D$word=$ms"); done
compile() { $cc -g -O2 -Wall -Wextra -Wno-cast-function-type -D_GNU_SOURCE -I"$root/winapi_headers" "$@"; }

for width in -fno-short-wchar -fshort-wchar; do
  compile $width "${words[@]}" -c "$root/tests/ms_abi/calls.c" -o "$work/attributes.o"
  # Not every compiler has the option, and some take it without a word: with it a list is a pointer.
  hows=(attributes)
  ! compile -mabi=ms -x c -fsyntax-only - 2>"$work/said" <<<'char list[sizeof(__builtin_va_list) == 8 ? 1 : -1];' || hows+=(option)
  [[ ${#hows[@]} == 1 ]] || compile $width -mabi=ms -DBY_OPTION -c "$root/tests/ms_abi/calls.c" -o "$work/option.o"
  compile $sanitize "$root/tests/ms_abi/main.c" -c -o "$work/main.o"
  for how in "${hows[@]}"; do
    # Linked like any program; the entry points come by the preloaded library.
    $cc $sanitize "$work/main.o" "$work/$how.o" -o "$work/$how" -pthread -L"$build" -Wl,-rpath,"$build" -lwinshim
    status=0
    LD_PRELOAD="$first$build/libwinshim-msabi.so" timeout 60 "$work/$how" || status=$?
    verdict "$status" "an object with ms_abi by $how, $width, libwinshim-msabi.so preloaded"
    status=0
    WINSHIM_TRACE=$work/trace LD_PRELOAD="$first$build/libwinshim-msabi.so" timeout 60 "$work/$how" || status=$?
    grep -q ' CreateTimerQueueTimer(.* = TRUE' "$work/trace" || status=1
    grep -q ' StringCchVPrintfA(' "$work/trace" || status=1
    verdict "$status" "  and traced at the same time"
    rm -f "$work/trace"
    status=0
    $cc $sanitize "$work/main.o" "$work/$how.o" -o "$work/$how-linked" -pthread -L"$build" -Wl,-rpath,"$build" -lwinshim-msabi
    timeout 60 "$work/$how-linked" || status=$?
    verdict "$status" "  linked to it"
  done
done

# Without the library such an object cannot work: this test can fail.
status=0
(timeout 20 "$work/attributes" && exit 1; exit 0) >/dev/null 2>&1 || status=1
"$build/winshim" check --discard >/dev/null  # it may have died with its segment
verdict "$status" "an object with ms_abi fails on the ordinary entry points"

echo "$passed passed, $failed failed"
((failed == 0))
