#!/usr/bin/env bash
# test_readme.sh - the documents keep their word: code blocks run, links, paths and targets are there.
#
# Purpose   Of each *.md: a block ```LANGUAGE FILE is written to that file; the blocks ```sh run are run by one shell,
#           in a folder that looks like this one; what is in ```text output must be among what they print. A block
#           that is not run says why: ```sh skip (REASON), or what it needs: ```sh run-if COMMAND. The README goes
#           first, so that the others find winshim installed where it installs it (PREFIX, PATH and its like are
#           set), and build/ built.
# Needs     BUILD: the build folder. SANITIZE: as given to make
set -u
cd "$(dirname "$0")/.." || exit 1
root=$PWD
build=$(cd "${BUILD:?}" && pwd)
here=$(mktemp -d) || exit 1
trap 'rm -rf "$here"' EXIT

failed=0
verdict() { # STATUS TITLE
    if [ "$1" = 0 ]; then echo "ok $2"; return; fi
    echo "FAIL $2"
    failed=1
    tail -n 40 "$here/said" | cut -c 1-200 | sed 's/^/      | /'
}

mapfile -t documents < <(find . -name '*.md' -not -path './build*' | sort)

# ---- links ----------------------------------------------------------------------------------------------------------
: >"$here/said"
while IFS=: read -r file link; do
    link=${link#](} link=${link%)}
    target=$(dirname "$file")/${link%%#*}
    case $link in
    '#'*) target=$file ;;
    esac
    [ -e "$target" ] || echo "$file: $link" >>"$here/said"
    case $link in
    *.md'#'* | '#'*)    # to a heading: its words in lower case, with - between them
        sed -n 's/^##* //p' "$target" | tr '[:upper:] ' '[:lower:]-' | tr -cd 'a-z0-9_\n-' |
            grep -qxF -- "${link#*#}" ||
            echo "$file: no heading for $link" >>"$here/said" ;;
    esac
done < <(grep -oHE '\]\([^):]+\)' "${documents[@]}")
[ ! -s "$here/said" ]
verdict $? "links in the documents lead to something"

# ---- paths and targets ----------------------------------------------------------------------------------------------
: >"$here/said"
while IFS=: read -r file path; do
    path=${path//\`/}
    case $path in *NAME* | *GROUP*) continue ;; esac
    for base in . "$(dirname "$file")" build; do compgen -G "$base/$path" >/dev/null && continue 2; done
    echo "$file: $path" >>"$here/said"
done < <(grep -oHE '`(shim|tests|docs|conformance|winapi_headers)/[^` ]*`' "${documents[@]}")
[ ! -s "$here/said" ]
verdict $? "paths that the documents name are there"

: >"$here/said"
make -s --no-print-directory help >"$here/help"
targets=" $(sed -n 's/^  make \([a-z, -]*[a-z]\)  *.*/\1/p' "$here/help" | tr -d ',' | paste -sd ' ') "
for target in $(sed -e ':more' -e '/\\$/{N; s/\\\n//; b more' -e '}' \
    Makefile conformance/*.mk conformance/*/*.mk shim/*/*.mk | sed -n 's/^\.PHONY: *//p'); do
    [ "${targets/ $target /}" != "$targets" ] || echo "make help does not have $target" >>"$here/said"
done
awk 'length > 120 { print "wider than 120 columns: " $0 }' "$here/help" >>"$here/said"
while IFS=: read -r file target; do
    target=${target#?make }
    [ "${targets/ $target /}" != "$targets" ] || echo "$file: there is no target $target" >>"$here/said"
done < <(grep -oHE '(^|`)make [a-z][a-z-]*' "${documents[@]}" | sed 's/:make/:`make/')
[ ! -s "$here/said" ]
verdict $? "make help has each target, and the documents name no other"

: >"$here/said"
LC_ALL=C.UTF-8 awk 'FNR == 1 { inside = 0 }
    /^```/ { inside = !inside }
    length > 120 && !inside && !/^\|/ { print FILENAME ":" FNR ": wider than 120 columns" }' \
    "${documents[@]}" >>"$here/said"
[ ! -s "$here/said" ]
verdict $? "lines have their width, tables and what programs print aside"

# ---- programs ---------------------------------------------------------------------------------------------------
: >"$here/said"
for program in docs/examples/*.c docs/examples/*.cpp docs/samples/*.c docs/samples/*.cpp; do
    name=$(basename "$program")
    [ "${program#docs/samples}" = "$program" ] || name=${name%.*}
    grep -qw -- "$name" "$(dirname "$program")/README.md" ||
        echo "$program is not in the README beside it" >>"$here/said"
done
[ ! -s "$here/said" ]
verdict $? "each example and each sample is in a table"

# ---- messages -------------------------------------------------------------------------------------------------------
: >"$here/said"
while IFS= read -r words; do
    grep -qF "$words" docs/troubleshooting.md || echo "not in docs/troubleshooting.md: $words" >>"$here/said"
done < <(sed -n 's/^ *{Status::[a-z_]*, "\(.*\)"},.*/\1/p' shim/shm/explain.cpp)
# What the library says otherwise, and why `winshim run` refuses: the parts of each text that are always the same.
while IFS= read -r words; do
    grep -qF -- "$words" docs/troubleshooting.md || echo "not in docs/troubleshooting.md: $words" >>"$here/said"
done < <({
    sed -n 's/.*fprintf(stderr, "\(winshim: .*\)\\n".*/\1/p' shim/{api,msabi,name}/*.cpp
    sed -n 's/.* return "\(.*\)";/\1/p' shim/trace/{begin,filter,install,sink}.cpp | grep -vx 'no memory'
    sed -n 's/.* why = "\(.*\)";/\1/p' shim/tool/{run,view}.cpp
} | sed 's/%s/\n/g' | grep '....')
[ ! -s "$here/said" ]
verdict $? "each reason that the library can give is explained"

# ---- code blocks ----------------------------------------------------------------------------------------------------
: >"$here/said"
awk '
    function wrong(what) { print FILENAME ":" FNR ": " what }
    /^```/ && inside { inside = 0; next }
    /^```/ {
        inside = 1; kind = $1
        if (kind != "```sh" && kind != "```c" && kind != "```cpp") next
        if ($2 == "") wrong("a block of code that is neither run nor says why not")
        if ($2 == "run-if" && NF != 3) wrong("run-if without a command")
        if ($2 == "skip" && $0 !~ /^```[a-z]+ skip \([^)]+\)$/) wrong("skip without a reason")
        next
    }
    inside && kind == "```" && /^(make|cc|gcc|winshim|sh|apt-get|LD_PRELOAD=[^ ]*) [a-z.\/$-]/ {
        wrong("commands in a block that does not say sh")
    }' "${documents[@]}" >"$here/said"
[ ! -s "$here/said" ]
verdict $? "each block of code is run, or says why not"

if [[ ${SANITIZE:-} || ${CC:-} == *-m32* ]]; then
    echo "skipped: the documents' commands are for an ordinary build"
    exit "$failed"
fi

# try DOCUMENT VARIABLE=VALUE...: runs its blocks, with nothing of this test in the environment but the build folder, so
# that nothing is built twice, and what is given.
try() {
    local document=${1#./} entry line
    shift
    rm -rf "$here/place" "$here/script" "$here/wanted" "$here/skipped"
    mkdir "$here/place"
    for entry in * .[a-z]*; do [ "$entry" = .git ] || ln -s "$root/$entry" "$here/place/$entry"; done
    rm -f "$here/place/build" "$here/place/$(basename "$build")"
    ln -s "$build" "$here/place/build"
    awk -v place="$here/place" -v script="$here/script" -v wanted="$here/wanted" -v skipped="$here/skipped" '
        /^```/ && inside { inside = 0; target = ""; next }
        /^```/ {
            inside = 1
            if ($1 == "```sh" && $2 == "run") target = script
            else if ($1 == "```sh" && $2 == "run-if") target = system("command -v " $3 " >/dev/null") ? "" : script
            else if ($1 == "```sh" && $2 == "skip") target = skipped
            else if ($1 == "```text" && $2 == "output") target = wanted
            else if ($2 != "" && $2 != "skip") target = place "/" $2
            next
        }
        inside && target != "" { print >target }' "$document"
    if [ -s "$here/skipped" ]; then
        bash -n "$here/skipped" >"$here/said" 2>&1
        verdict $? "$document: what is not run is at least shell"
    fi
    if [ "$document" = README.md ]; then
        [ -s "$here/script" ] && [ -s "$here/wanted" ]
        verdict $? "the README has blocks to run"
    fi
    [ -s "$here/script" ] || return
    (cd "$here/place" && env -i HOME="$here/home" PATH="$PATH" BUILD="$build" "$@" \
        WINSHIM_NAMESPACE="${WINSHIM_NAMESPACE:-readme}" timeout 120 bash -e "$here/script") >"$here/said" 2>&1
    verdict $? "$document: the commands succeed"
    [ -s "$here/wanted" ] || return
    sed -i '/^ *$/d' "$here/said"
    while IFS= read -r line; do
        grep -qxF -- "$line" "$here/said" && continue
        verdict 1 "$document promises: $line"
        return
    done <"$here/wanted"
    echo "ok $document: they print what it says"
}

mkdir "$here/home"
try README.md
prefix=$here/home/winshim
for document in "${documents[@]}"; do
    [ "$document" = ./README.md ] || try "$document" PREFIX="$prefix" PATH="$prefix/bin:$PATH" \
        PKG_CONFIG_PATH="$prefix/lib/pkgconfig" LD_LIBRARY_PATH="$prefix/lib"
done
exit "$failed"
