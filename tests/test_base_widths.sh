#!/usr/bin/env bash
# test_base_widths.sh - one UNICODE source, with 4-byte and with 2-byte wchar_t, in C and in C++: the same output.
#
# Needs     BUILD: the build folder, with the library in it.   CC, CXX: compilers.   SANITIZE: as given to make
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
here=$(mktemp -d) || exit 1
trap 'rm -rf "$here"' EXIT
passed=0 failed=0
cat >"$here/program.c" <<'END'
#include <windows.h>
#include <tchar.h>
#include <strsafe.h>

int main(void)
{
    TCHAR text[200], other[200];
    char bytes[200];
    DWORD_PTR inserts[2];
    HANDLE mutex = CreateMutex(NULL, FALSE, TEXT("widths \x00e4"));

    _tprintf(TEXT("%s %S %d %I64d %p\n"), TEXT("wide \x00e4"), "narrow", 5, (LONGLONG)-5000000000, (void *)0xABC);
    wprintf(L"%ls %hs %c %u\n", L"w", "n", L'x', (unsigned)_tcslen(TEXT("four")));
    StringCchPrintf(text, 200, TEXT("%-8s|%.2s|%08lx"), TEXT("ab"), TEXT("cdef"), 0xBEEFul);
    StringCchCat(text, 200, TEXT("|\x20ac"));
    _putts(text);
    StringCchPrintfA(bytes, 200, "%S|%s", text, "bytes");
    printf("%s\n", bytes);
    fflush(stdout);
    SetEnvironmentVariable(TEXT("WINSHIM_WIDTHS"), text);
    _tprintf(TEXT("%u "), (unsigned)GetEnvironmentVariable(TEXT("WINSHIM_WIDTHS"), other, 200));
    _tprintf(TEXT("%d %d\n"), lstrcmp(text, other), lstrlen(other));
    inserts[0] = (DWORD_PTR)TEXT("insert");
    inserts[1] = 42;
    FormatMessage(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_ARGUMENT_ARRAY, TEXT("%2!d! %1 %1!.3s!%n"), 0, 0, text, 200,
                  (va_list *)inserts);
    _fputts(text, stdout);
    WideCharToMultiByte(CP_UTF8, 0, L"\x20ac", -1, bytes, 200, NULL, NULL);
    printf("%s %d\n", bytes, MultiByteToWideChar(CP_UTF8, 0, bytes, -1, NULL, 0));
    CharUpper(lstrcpy(text, TEXT("case \x00e4")));
    _putts(text);
    return mutex == NULL || GetLastError() == ERROR_ALREADY_EXISTS;
}
END
common=(-Wall -Wextra -Werror -Iwinapi_headers -DUNICODE -D_UNICODE ${SANITIZE:+-fsanitize=$SANITIZE})
variant() { # name, compiler and its flags
    local name=$1 status
    shift
    "$@" "${common[@]}" "$here/program.c" -o "$here/$name" -L"$BUILD" -Wl,-rpath,"$(realpath "$BUILD")" -lwinshim &&
        WINSHIM_NAMESPACE=widths-$$-$name "$here/$name" >"$here/$name.said"
    status=$?
    if [[ $status == 0 ]] && cmp "$here/first.said" "$here/$name.said"; then
        echo "ok $name"
        passed=$((passed + 1))
    else
        echo "FAIL $name, status $status"
        cat "$here/$name.said"
        failed=$((failed + 1))
    fi
}
pointer=0000000000000ABC
[[ ${CC:-} != *-m32* ]] || pointer=00000ABC
printf '%s\n' "wide ä narrow 5 -5000000000 $pointer" 'w n x 4' 'ab      |cd|0000beef|€' 'ab      |cd|0000beef|€|bytes' \
    '22 0 22' '42 insert ins'$'\r' '€ 2' 'CASE Ä' >"$here/first.said"
variant c-4 ${CC:-gcc} -std=gnu17
variant c-2 ${CC:-gcc} -std=gnu17 -fshort-wchar
variant cxx-4 ${CXX:-g++} -x c++ -std=c++17
variant cxx-2 ${CXX:-g++} -x c++ -std=c++17 -fshort-wchar
echo "$passed passed, $failed failed"
[[ $failed == 0 ]]
