#!/usr/bin/env bash
# test_architecture.sh - does docs/architecture.md draw the shared layout that shim/shm/layout.h declares?
#
# Every drawn struct size, field offset and array address becomes a static_assert that the compiler checks; every field
# of the drawn structs must be there (spare ones apart); and the rooms may include only what the document says. The two
# pictures are held against the code: rooms, arrows and arrays of architecture.svg, steps and transitions of
# wait-protocol.svg. They are written by hand, with one room, arrow or label in a line. The kind of object that section
# 13 adds is added.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
document=$root/docs/architecture.md layout=$root/shim/shm/layout.h
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
verdict() {  # verdict STATUS WHAT
  if [[ $1 == 0 ]]; then echo "ok $2"; passed=$((passed + 1)); else echo "FAIL $2"; failed=$((failed + 1)); fi
}

# ---- the drawing: "struct NAME SIZE", then "OFFSET field ..." up to an empty line; "0xADDRESS kName ..." -------------
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
${CXX:-g++} -std=c++20 -D_GNU_SOURCE -Wno-invalid-offsetof -I"$root" -fsyntax-only "$work/drawn.cpp" || status=1
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

# ---- the rooms -------------------------------------------------------------------------------------------------------
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

# ---- architecture.svg: rooms and arrows ------------------------------------------------------------------------------
picture=$root/docs/architecture.svg
verdict_of_difference() {  # verdict_of_difference WHAT, of the files $work/code and $work/picture
  sort -u -o "$work/code" "$work/code"
  sort -u -o "$work/picture" "$work/picture"
  if [[ ! -s $work/code ]]; then echo "nothing found in the code" && verdict 1 "$1"
  elif diff --label code --label picture -U0 "$work/code" "$work/picture"; then verdict 0 "$1 ($(wc -l <"$work/code"))"
  else verdict 1 "$1"; fi
}
(cd "$root/shim" && ls -- */*.cpp */*.c */*.h 2>/dev/null) | sed 's|/.*||' >"$work/code"
sed -n 's/.* id="room-\([a-z]*\)".*>\1<.*/\1/p' "$picture" >"$work/picture"
verdict_of_difference "the rooms drawn are the folders of shim/ that have code"

# "FROM TO" for every include of another room; uses: the solid arrows, up: the dashed ones.
grep -Ho '#include "shim/[a-z]*/' "$root"/shim/*/*.{cpp,c,h} |
  sed 's|.*/\([a-z]*\)/[^/]*:#include "shim/\([a-z]*\)/|\1 \2|' | awk '$1 != $2' | sort -u >"$work/includes"
sed -n 's/.*class="\(uses\|up\)" data-from="\([a-z]*\)" data-to="\([a-z]*\)".*/\1 \2 \3/p' "$picture" >"$work/arrows"
status=0
awk '
  FILENAME == ARGV[1] { included[$1 " " $2] = 1; room[$1]; room[$2]; next }
  { ++count }
  $1 == "up" { up[$2 " " $3] = 1; next }
  { uses[$2 " " $3] = 1; leads[$2 " " $3] = 1 }
  END {
    for (b in room) for (a in room) for (c in room) if ((a " " b) in leads && (b " " c) in leads) leads[a " " c] = 1
    for (r in room) if ((r " " r) in leads) { print "solid arrows lead from " r " back to it"; bad = 1 }
    for (pair in uses) if (!(pair in included)) { print "drawn, and no include says so: " pair; bad = 1 }
    for (pair in included) if (!(pair in leads) && !(pair in up)) { print "included, and no arrow leads there: " pair; bad = 1 }
    # Not an include: the function pointers of section 1.
    for (pair in up) if (!(pair in included) && pair != "wait process") { print "dashed, and no include says so: " pair; bad = 1 }
    exit bad || count == 0
  }' "$work/includes" "$work/arrows" || status=1
grep -q '^up wait process$' "$work/arrows" || { echo "not drawn: what wait calls in process"; status=1; }
grep -q 'parked_long\.store' "$root"/shim/process/*.cpp || { echo "process sets no pointer of wait"; status=1; }
verdict "$status" "the arrows drawn are what the includes say ($(wc -l <"$work/arrows") for $(wc -l <"$work/includes"))"

awk '/^```/ { drawing = !drawing } drawing && /^ *0x/ && $3 != "" { print $3 }' "$document" | sed 's/[][]/ /g; s/ *$//' >"$work/code"
sed -n 's/.*class="part".*>\([A-Za-z0-9]*\)<\/text>.*class="mono"[^>]*>\([0-9]*\)<.*/\1 \2/p; s/.*class="part".*>\(Header\)<.*/\1/p' "$picture" >"$work/picture"
verdict_of_difference "the arrays drawn are those of the shared file"

# ---- wait-protocol.svg: transitions and steps ------------------------------------------------------------------------
picture=$root/docs/wait-protocol.svg
word=$root/shim/wait/wait_word.h
sed -n 's|^// *\(W[0-9]\) *\([a-z]*\) -> \([^,]*\),\{0,1\} .*|\1 \2 -> \3|p' "$word" | sed 's/   *.*//; s/,.*//' >"$work/code"
sed -n 's/.*data-step="\(W[0-9]\)" data-from="\([^"]*\)" data-to="\([^"]*\)".*/\1 \2 -> \3/p' "$picture" >"$work/picture"
verdict_of_difference "the transitions drawn are those of wait_word.h"
sed -n 's|^// *\([WG][0-9]\)  .*|\1|p' "$word" "$root/shim/wait/pump.cpp" >"$work/code"
grep -o 'class="code"[^>]*>[WG][0-9]<' "$picture" | sed 's/.*>\(..\)</\1/' >"$work/picture"
verdict_of_difference "each step of the waiter and of the granter has its label"
sed -n 's/^enum Phase : u64 {\(.*\)};/\1/p' "$word" | tr ',' '\n' | sed 's/ *\([a-z_]*\) =.*/\1/' >"$work/code"
sed -n 's/.*data-phase="\([a-z_]*\).*>\1[()a-z]*<.*/\1/p' "$picture" >"$work/picture"
verdict_of_difference "the phases drawn are those of the word"

# ---- section 13: a kind of object is a file and a line ---------------------------------------------------------------
mkdir -p "$work/shim/object"
awk '/^## 13/ { here = 1 } /^```/ { inside = here && /^```cpp/; next } inside' "$document" >"$work/latch"
grep '^#include "shim/object/latch.h"$' "$work/latch" >"$work/line" || true
grep -v '^#include "shim/object/latch.h"$' "$work/latch" >"$work/shim/object/latch.h" || true
sed "/^#include \"shim\/object\/event.h\"/r $work/line" "$root/shim/object/kinds.h" >"$work/shim/object/kinds.h"
cat >"$work/latch.cpp" <<'END'
#include "shim/object/kinds.h"
using namespace winshim;
static_assert(kind_info(Kind{8}) == &latch::kInfo && kind_info(Kind{9}) == nullptr);
static_assert(kind_info(Kind::event) == &event::kInfo && kind_info(Kind::process) == &process::kInfo);
static_assert(latch::kInfo.names == Names::own && granted_access(latch::kInfo, kGenericAll) == latch::kAllAccess);
constexpr u64 three = state::live(5, latch::value_of(3)), none = state::live(5, latch::value_of(0));
static_assert(!signaled(Rule::notification, three, 1) && latch::kInfo.count.of(three) == 3);
static_assert(signaled(Rule::notification, none, 1) && latch::kInfo.count.of(none) == 0);
static_assert(latch::counted_down(three) == state::live(5, latch::value_of(2)) && latch::counted_down(none) == none);
END
status=0
compile() { "${CXX:-g++}" -std=c++20 -D_GNU_SOURCE -I"$work" -I"$root" -I"$root/winapi_headers" -fsyntax-only "$1"; }
for source in "$work/latch.cpp" "$root"/shim/name/profile.cpp "$root"/shim/tool/{states,objects,examine}.cpp; do
  compile "$source" || status=1
done
verdict "$status" "the kind of section 13 is added by its file and $(wc -l <"$work/line") line"

echo "$passed passed, $failed failed"
((failed == 0))
