#!/usr/bin/env bash
# test_readme.sh - the documents keep their word: the README's code blocks run, and links lead somewhere.
#
# Purpose   A block ```LANGUAGE FILE is written to that file; a block ```sh run is run by one shell that goes through all of
#           them, in a folder that looks like this one; what it prints must end with the block ```text output behind it.
# Needs     BUILD: the build folder. SANITIZE: as given to make
set -u
cd "$(dirname "$0")/.." || exit 1
root=$PWD
build=$(cd "${BUILD:?}" && pwd)
here=$(mktemp -d) || exit 1
trap 'rm -rf "$here"' EXIT

verdict() { # STATUS TITLE
    if [ "$1" = 0 ]; then echo "ok $2"; else echo "FAIL $2"; sed 's/^/      | /' "$here/said"; fi
}

# ---- links ------------------------------------------------------------------------------------------------------------
: >"$here/said"
while IFS=: read -r file link; do
    link=${link#](} link=${link%)} link=${link%%#*}
    [ -z "$link" ] || [ -e "$(dirname "$file")/$link" ] || echo "$file: $link" >>"$here/said"
done < <(find . -name '*.md' -not -path './build*' -exec grep -oHE '\]\([^):]+\)' {} +)
[ ! -s "$here/said" ]
verdict $? "links in the documents lead to something"

# ---- messages -------------------------------------------------------------------------------------------------------
: >"$here/said"
while IFS= read -r words; do
    grep -qF "$words" docs/troubleshooting.md || echo "not in docs/troubleshooting.md: $words" >>"$here/said"
done < <(sed -n 's/^ *{Status::[a-z_]*, "\(.*\)"},.*/\1/p' shim/shm/explain.cpp)
[ ! -s "$here/said" ]
verdict $? "each reason that the library can give is explained"

# ---- the README's blocks ----------------------------------------------------------------------------------------------
if [ -n "${SANITIZE:-}" ]; then
    echo "skipped: the README's commands are for an ordinary build"
    exit 0
fi
mkdir "$here/place" "$here/home"
for entry in * .[a-z]*; do [ "$entry" = .git ] || ln -s "$root/$entry" "$here/place/$entry"; done
rm -f "$here/place/$(basename "$build")"
awk -v place="$here/place" -v script="$here/script" -v wanted="$here/wanted" '
    /^```/ && inside { inside = 0; target = ""; next }
    /^```/ {
        inside = 1
        if ($1 == "```sh" && $2 == "run") target = script
        else if ($1 == "```text" && $2 == "output") target = wanted
        else if ($2 != "") target = place "/" $2
        next
    }
    inside && target != "" { print >target }' README.md
[ -s "$here/script" ] && [ -s "$here/wanted" ]
verdict $? "the README has blocks to run"
# As a newcomer, with nothing of this test in the environment but the build folder, so that nothing is built twice.
(cd "$here/place" && env -i HOME="$here/home" PATH="$PATH" BUILD="$build" WINSHIM_NAMESPACE="${WINSHIM_NAMESPACE:-readme}" \
    timeout 120 bash -e "$here/script") >"$here/said" 2>&1
verdict $? "the README's commands succeed"
sed -i '/^ *$/d' "$here/said"
while IFS= read -r line; do
    grep -qxF -- "$line" "$here/said" || { echo "FAIL the README promises: $line"; sed 's/^/      | /' "$here/said"; exit 1; }
done <"$here/wanted"
echo "ok they print what the README says"
