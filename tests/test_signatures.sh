#!/usr/bin/env bash
# test_signatures.sh - is the table of signatures (shim/relay) complete, and does it agree with the declarations?
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
verdict() {  # verdict STATUS WHAT
  if [[ $1 == 0 ]]; then echo "ok $2"; passed=$((passed + 1)); else echo "FAIL $2"; failed=$((failed + 1)); fi
}
cxx=${CXX:-g++}

# ---- the names are those of export.map -------------------------------------------------------------------------------
cat >"$work/names.cpp" <<'END'
#include "shim/relay/signatures.h"
#include <stdio.h>
int main() {
    for (const winshim::relay::Function& f : winshim::relay::kFunctions) {
        printf("%s\n", f.name);
        if (f.by_list != nullptr) fprintf(stderr, "%s\n", f.by_list);
    }
}
END
$cxx -std=c++20 -I"$root" "$work/names.cpp" -o "$work/names"
"$work/names" 2>"$work/by" | sort >"$work/table"
sed 's:/\*.*\*/::' "$root/shim/export.map" | tr ' ' '\n' | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\);$/\1/p' | sort >"$work/map"
status=0
diff "$work/table" "$work/map" || status=1
verdict "$status" "the table has the names of export.map, each once ($(wc -l <"$work/map"))"
status=0
comm -23 <(sort -u "$work/by") <(sort -u "$work/table") | grep . && status=1
verdict "$status" "what prints to a list in place of a variadic function is in the table ($(wc -l <"$work/by"))"

# The headers without the templates that have names of the C functions: with them a name is not one function.
mkdir "$work/winapi_headers"
cp "$root"/winapi_headers/*.h "$work/winapi_headers"
sed -i '/^template </,/^}/d' "$work"/winapi_headers/*.h

# ---- counts and types are those of the headers -----------------------------------------------------------------------
agree() {
  $cxx -std=c++20 -D_GNU_SOURCE -Wall -Wextra -Werror -Wno-unused -Wno-attributes -Wno-ignored-attributes -fsyntax-only \
    -I"$work" -I"$work/winapi_headers" -I"$root" "$@" "$root/tests/signatures/agree.cpp"
}
status=0
agree || status=1
verdict "$status" "counts and types agree with the declarations, those of callbacks, too"
for wrong in 1 2 3 4 5 6 7; do
  status=1
  agree "-DWRONG=$wrong" >"$work/said" 2>&1 || { grep -q 'static.assert' "$work/said" && status=0; }
  verdict "$status" "line $wrong that is wrong is refused"
done

echo "$passed passed, $failed failed"
((failed == 0))
