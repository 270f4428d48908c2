#!/usr/bin/env bash
# test_architecture.sh - does docs/architecture.md draw the shared layout that shim/shm/layout.h declares?
#
# Every drawn struct size, field offset and array address becomes a static_assert that the compiler checks; every field
# of the drawn structs must be there (spare ones apart); and the rooms may include only what the document says.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
document=$root/docs/architecture.md layout=$root/shim/shm/layout.h
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
verdict() {  # verdict STATUS WHAT
  if [[ $1 == 0 ]]; then echo "ok $2"; passed=$((passed + 1)); else echo "FAIL $2"; failed=$((failed + 1)); fi
}

# ---- the drawing: "struct NAME SIZE", then "OFFSET field ..." up to an empty line; "0xADDRESS kName ..." -----------------
drawn() {
  awk '
    /^```/ { drawing = !drawing; name = ""; next }
    !drawing { next }
    $1 == "struct" { name = $2; print "size", name, $3; next }
    NF == 0 { name = ""; next }
    $1 ~ /^0x[0-9a-f]+$/ { print "at", $2, $1; next }
    name != "" && $1 ~ /^[0-9]+$/ { print "field", name, $2, $1 }' "$document"
}
drawn >"$work/drawn"

{
  echo '#include "shim/shm/layout.h"'
  echo 'using namespace winshim::shm;'
  awk '
    $1 == "size" { printf "static_assert(sizeof(%s) == %s, \"size of %s\");\n", $2, $3, $2 }
    $1 == "at" { printf "static_assert(%s == %s, \"%s\");\n", $2, $3, $2 }
    $1 == "field" { printf "static_assert(offsetof(%s, %s) == %s, \"%s::%s\");\n", $2, $3, $4, $2, $3 }' "$work/drawn"
} >"$work/drawn.cpp"
status=0
"${CXX:-g++}" -std=c++20 -D_GNU_SOURCE -Wno-invalid-offsetof -I"$root" -fsyntax-only "$work/drawn.cpp" || status=1
verdict "$status" "sizes, offsets and addresses are those of layout.h ($(wc -l <"$work/drawn") drawn)"

# ---- nothing is left out ---------------------------------------------------------------------------------------------
status=0
for name in Header Process Thread Object Block NameCell NameHead; do
  grep -q "^size $name " "$work/drawn" || { echo "not drawn: $name"; status=1; }
  # Declarations of the struct's body: the word before ; or [ is the field.
  sed -n "/^struct .*\b$name {/,/^};/p" "$layout" | sed 's|//.*||' |
    sed -n 's/^ *\(alignas([0-9]*) \)\?[A-Za-z_:<>0-9]\+\( char\)\? \([a-z_0-9]\+\)\(\[[^;]*\)\?;.*/\3/p' >"$work/fields"
  [[ -s $work/fields ]] || { echo "no field found in layout.h: $name"; status=1; }
  while read -r field; do
    case $field in reserved* | pad) continue ;; esac
    grep -q "^field $name $field " "$work/drawn" || { echo "not drawn: $name::$field"; status=1; }
  done <"$work/fields"
done
verdict "$status" "every field is drawn"

# ---- the rooms ---------------------------------------------------------------------------------------------------------
status=0
rooms=(shm object wait handle look process name api)
for ((i = 0; i < ${#rooms[@]}; ++i)); do
  for above in "${rooms[@]:i+1}"; do
    grep -H "#include \"shim/$above/" "$root/shim/${rooms[i]}"/*.{cpp,h} 2>/dev/null |
      grep -v 'shm/\(slots\|files\).cpp:#include "shim/object/state_word.h"' && status=1
  done
done
# next stands beside shm: every room may hand a call on. local and base know these only, local also base's declarations.
grep -H '#include "shim/' "$root"/shim/next/*.{cpp,h} | grep -v -e '#include "shim/next/' -e '#include "shim/shm/' -e '#include "shim/base/fork_lock.h"' &&
  status=1
grep -H '#include "shim/' "$root"/shim/local/*.{cpp,h} "$root"/shim/base/*.{cpp,h} |
  grep -v -e '#include "shim/shm/' -e '#include "shim/next/' -e 'shim/local/.*#include "shim/local/' -e 'shim/base/.*#include "shim/base/' \
    -e 'shim/local/.*#include "shim/base/sdk.h"' && status=1
# pool stands above all but api: it calls the exports, and knows little more than how to make a thread and to lock.
grep -H '#include "shim/' "$root"/shim/pool/*.{cpp,h} |
  grep -v -e '#include "shim/pool/' -e '#include "shim/next/' -e '#include "shim/base/sdk.h"' -e '#include "shim/local/futex.h"' \
    -e '#include "shim/wait/private_lock.h"' -e '#include "shim/handle/table.h"' \
    -e '#include "shim/process/\(attach\|thread_start\).h"' && status=1
grep -H '#include "shim/pool/' "$root"/shim/*/*.{cpp,h} | grep -v '^[^:]*/shim/pool/' && status=1
for room in "${rooms[@]}"; do
  grep -H -e '#include "shim/local/' -e '#include "shim/base/' "$root/shim/$room"/*.{cpp,h} 2>/dev/null && status=1
done
verdict "$status" "arrows between the rooms go down only, but for the one that is documented"

echo "$passed passed, $failed failed"
((failed == 0))
