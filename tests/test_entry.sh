#!/usr/bin/env bash
# test_entry.sh - programs without main: WinMain, wWinMain, wmain in their forms, linked with libwinshim-main.a.
#
# Purpose   Each is compiled and run with the arguments `one` and `two words`, and has to see them; its result is the exit
#           code. A program that has none of them must not link, and one with main must keep it.
# Needs     BUILD: the build folder. CC, CXX: compilers (gcc, g++)
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
build=$(cd "${BUILD:?}" && pwd)
here=$(mktemp -d) || exit 1
trap 'rm -rf "$here"' EXIT
sanitize=${SANITIZE:+-fsanitize=$SANITIZE}
links="-L$build -Wl,-rpath,$build -lwinshim-main -lwinshim -pthread $sanitize"
flags="-w -I$root/winapi_headers $sanitize"

compiles() { # language FLAGS..., the source on standard input
    local language=$1 compiler=${CC:-gcc}
    shift
    [ "$language" = c++ ] && compiler=${CXX:-g++}
    rm -f "$here/program"
    # shellcheck disable=SC2086
    $compiler -x "$language" $flags "$@" - -x none -o "$here/program" $links 2>"$here/said"
}
verdict() { # STATUS TITLE
    if [ "$1" = 0 ]; then echo "ok $2"; else echo "FAIL $2"; sed 's/^/      | /' "$here/said"; fi
}
runs() { # title language FLAGS...: the program must end with 42
    local title=$1
    shift
    compiles "$@" || { verdict 1 "$title: does not build"; return; }
    "$here/program" one 'two words' >"$here/said" 2>&1
    local status=$?
    [ $status = 42 ] || echo "ended with $status" >>"$here/said"
    verdict $((status != 42)) "$title"
}

wmain3='int wmain(int argc, wchar_t *argv[], wchar_t *envp[])
{ return argc == 3 && argv[3] == NULL && !lstrcmpW(argv[2], L"two words") && lstrlenW(envp[0]) > 0 ? 42 : 1; }'
wmain0='int wmain() { return lstrcmpW(GetCommandLineW() + lstrlenW(GetCommandLineW()) - 6, L"words\"") ? 1 : 42; }'
tmain='#include <tchar.h>
int _tmain(int argc, TCHAR *argv[]) { return argc == 3 && !lstrcmp(argv[1], _T("one")) ? 42 : 1; }'
winmain='int WINAPI WinMain(HINSTANCE own, HINSTANCE none, LPSTR line, int show)
{ return own == GetModuleHandle(NULL) && !none && show == SW_SHOWNORMAL && !lstrcmpA(line, "one \"two words\"") ? 42 : 1; }'
wwinmain='#include <tchar.h>
int WINAPI _tWinMain(HINSTANCE own, HINSTANCE none, LPTSTR line, int show)
{ return own && !lstrcmp(line, _T("one \"two words\"")) ? 42 : 1; }'
cewinmain='int WINAPI WinMain(HINSTANCE own, HINSTANCE none, LPWSTR line, int show)
{ return own && !lstrcmpW(line, L"one \"two words\"") ? 42 : 1; }'
include='#include <windows.h>'

for language in c c++; do
    for width in '' -fshort-wchar; do
        name="$language ${width:-4-byte wchar_t}"
        runs "$name: wmain with an environment" $language $width <<<"$include
$wmain3"
        runs "$name: wmain without parameters" $language $width <<<"$include
$wmain0"
        runs "$name: _tmain, UNICODE" $language $width -DUNICODE -D_UNICODE <<<"$include
$tmain"
        runs "$name: _tWinMain, UNICODE" $language $width -DUNICODE -D_UNICODE <<<"$include
$wwinmain"
        runs "$name: WinMain of CE" $language $width -DUNDER_CE -DUNICODE -D_UNICODE <<<"$include
$cewinmain"
    done
    runs "$language: _tmain, char" $language <<<"$include
$tmain"
    runs "$language: WinMain" $language <<<"$include
$winmain"
    runs "$language: main stays main" $language <<<"$include
$winmain
int main(int argc, char **argv) { return argc == 3 ? 42 : 1; }"
done

compiles c <<<'int nothing;'
verdict $(($? == 0)) 'a program without any of them does not link'
grep -q 'WinMain' "$here/said"
verdict $? 'and the linker names WinMain'
