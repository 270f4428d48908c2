#!/usr/bin/env bash
# test_hardening.sh - is the built library what the compiler and the linker can make of it against attacks?
#
# Purpose   Reads the finished file, not the flags: relocations read-only and bound at load, no executable stack, no
#           relocation in code, code and constants in pages of their own, stack canaries, checked forms of the C
#           library's functions, no search path, no C++ run-time library, exactly the symbols of shim/export.map. A
#           library built carelessly on the spot must fail each of these tests: so each of them can.
# Needs     BUILD: the build folder; readelf and nm
set -u  # no pipefail: a grep -q that has found its line closes the pipe
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
library=${BUILD:?}/libwinshim.so
sanitize=${SANITIZE:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
verdict() {  # verdict STATUS WHAT
  if [[ $1 == 0 ]]; then echo "ok $2"; passed=$((passed + 1)); else echo "FAIL $2"; failed=$((failed + 1)); fi
}

# ---- the properties: each is a function of an ELF file ---------------------------------------------------------------
segments() { readelf -lW "$1"; }
dynamic() { readelf -dW "$1"; }
imports() { nm -D --undefined-only "$1" | awk '{sub(/@.*/, "", $NF); print $NF}'; }
exports() { nm -D --defined-only "$1" | awk '$2 != "A" {sub(/@.*/, "", $NF); print $NF}' | sort; }

# Of what a property looks for all is read: grep -q ends at the first match, and the writer by SIGPIPE.
finds() { grep -q "$@" <<<"$(cat)"; }

relro() { segments "$1" | finds GNU_RELRO; }
bound_at_load() { dynamic "$1" | finds -E '\(FLAGS\).*BIND_NOW' && dynamic "$1" | finds -E 'FLAGS_1.*NOW'; }
no_executable_stack() { segments "$1" | grep GNU_STACK | finds ' RW  *0x'; }
nothing_written_and_executed() { ! segments "$1" | grep -E '^  LOAD' | finds 'RWE'; }
code_apart() {  # constants lie in no executable segment
  local number
  number=$(segments "$1" | awk '/^  (LOAD|[A-Z_]+) +0x/ {if (/ R E /) printf "%02d\n", n; ++n}')
  [[ $number ]] && ! segments "$1" | grep -E "^ +($(paste -sd '|' <<<"$number")) " | finds -w '.rodata'
}
no_relocated_code() { ! dynamic "$1" | finds -E 'TEXTREL'; }
no_search_path() { ! dynamic "$1" | finds -E 'RPATH|RUNPATH'; }
stays_loaded() { dynamic "$1" | finds -E 'FLAGS_1.*NODELETE'; }
no_cxx_library() { ! dynamic "$1" | finds -E 'NEEDED.*(stdc\+\+|libc\+\+|libgcc)'; }
nothing_of_cxx() { ! { imports "$1"; exports "$1"; } | finds -E '^(_Z|__cxa_(throw|guard)|__gxx_)'; }
canaries() { imports "$1" | finds -x '__stack_chk_fail'; }
checked_functions() {  # the forms with a size are there, those without are not (snprintf itself has one)
  imports "$1" | finds -E '^__(snprintf|fprintf)_chk$' &&
    ! imports "$1" | finds -xE '(v?s?printf|v?fprintf|str(cpy|cat|ncpy|ncat)|gets|fgets)'
}
only_exports() {
  [[ $(exports "$1" | grep -vx WINSHIM_0) == \
    "$(sed -n '/global:/,/local:/p' "$root/shim/export.map" | grep -oE '[A-Za-z_0-9]+;' | tr -d ';' | sort)" ]]
}
links=(relro bound_at_load no_executable_stack nothing_written_and_executed code_apart no_relocated_code no_search_path)
of_library=(stays_loaded no_cxx_library nothing_of_cxx only_exports)
compiles=(canaries checked_functions)

# ---- the library, and the tool if there is one -----------------------------------------------------------------------
for property in "${links[@]}" "${of_library[@]}"; do
  [[ $sanitize && $property == no*cxx* ]] && continue  # the sanitizers' own
  $property "$library"
  verdict $? "library: ${property//_/ }"
done
if [[ $sanitize ]]; then
  echo 'not asked of a sanitizer build: canaries, checked functions, the C++ library'
else
  for property in "${compiles[@]}"; do
    $property "$library"
    verdict $? "library: ${property//_/ }"
  done
fi
if [[ -f $BUILD/winshim ]]; then
  for property in relro no_executable_stack nothing_written_and_executed code_apart no_relocated_code; do
    $property "$BUILD/winshim"
    verdict $? "tool: ${property//_/ }"
  done
fi

# ---- exported is what is declared, but for what the program itself has (winshim_main.h) ------------------------------
exports "$library" | grep -vx WINSHIM_0 >"$work/exported"
find "$root/winapi_headers" -name '*.h' ! -name winshim_main.h \
  -exec grep -ohE '\b(WINAPI|APIENTRY|CALLBACK) [A-Za-z]+\(' {} + | sed 's/.* //; s/(//' | sort -u >"$work/declared"
sed 's/_utf32$//; s/A_utf16$/A/' "$work/exported" | sort -u >"$work/plain"
undeclared=
while read -r name; do
  grep -qE "\b$name\b" "$root"/winapi_headers/*.h || undeclared+=" $name"
done <"$work/plain"
[[ -s $work/plain && ! $undeclared ]]
verdict $? "every exported name is in a header${undeclared:+: not$undeclared}"
missing=$(comm -23 "$work/declared" "$work/plain" | paste -sd ' ')
[[ -s $work/declared && ! $missing ]]
verdict $? "every declared function is exported${missing:+: not $missing}"

# ---- a careless library ----------------------------------------------------------------------------------------------
cat >"$work/careless.cpp" <<'END'
#include <cstdio>
#include <cstring>
struct Base { virtual ~Base() {} };
int table[4] = {1, 2, 3, 4};
extern "C" int not_declared(const char *name) {
    char text[16];
    strcpy(text, name);
    printf("%s%d\n", text, table[name[0] & 3]);
    if (name[0] == 'x') throw Base();
    return text[0];
}
END
careless=$work/careless.so
${CXX:-g++} -O1 -fPIC -shared -fno-stack-protector -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=0 "$work/careless.cpp" \
  -Wl,-z,norelro,-z,lazy,-z,execstack,-z,noseparate-code,-rpath,/nowhere -o "$careless" 2>"$work/said"
verdict $? 'a careless library can be built'
# Code and data in one writable segment, and code with relocations, need more carelessness.
word=.quad
[[ ${CC:-} != *-m32* ]] || word=.long
echo ".text; .globl start; start: $word start; .data; $word 1" >"$work/careless.s"
bare=(${CC:-gcc} -shared -nostdlib "$work/careless.s")
"${bare[@]}" -Wl,-N -o "$work/writable.so" 2>>"$work/said"
"${bare[@]}" -Wl,-z,notext -o "$work/relocated.so" 2>>"$work/said"
for property in "${links[@]}" "${of_library[@]}" "${compiles[@]}"; do
  case $property in
    nothing_written_and_executed) file=$work/writable.so ;;
    no_relocated_code) file=$work/relocated.so ;;
    *) file=$careless ;;
  esac
  [[ -f $file ]] && ! $property "$file"
  verdict $? "careless: ${property//_/ } is found missing"
done

echo "$passed passed, $failed failed"
((failed == 0))
