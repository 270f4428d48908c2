#!/usr/bin/env bash
# test_install.sh - make install and uninstall, and the command line of the README by pkg-config.
#
# Purpose   Programs are built against what was installed into a prefix of this test, and nothing else: by gcc and clang,
#           in C and C++, with each of the .pc files, without a warning; and they run. The same from the build folder.
# Needs     BUILD: the build folder. CC, CXX: compilers. PKG_CONFIG. SANITIZE: as given to make
set -u
cd "$(dirname "$0")/.." || exit 1
build=$(cd "${BUILD:?}" && pwd)
here=$(mktemp -d) || exit 1
trap 'rm -rf "$here"' EXIT
pkg_config=${PKG_CONFIG:-pkg-config}
sanitize=${SANITIZE:+-fsanitize=$SANITIZE}

verdict() { # STATUS TITLE
    if [ "$1" = 0 ]; then echo "ok $2"; else echo "FAIL $2"; sed 's/^/      | /' "$here/said"; fi
}
# The make that runs this test, if one does, shall not lend this one its job slots.
makes() { env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s BUILD="$BUILD" "$@" >"$here/said" 2>&1; }
listed() { (cd "$1" && find . ! -type d | sort); }

# ---- programs, each for one choice; 42 is right ----------------------------------------------------------------------
mkdir "$here/sources"
cat >"$here/sources/plain.c" <<'END'
#include <windows.h>
#ifdef _WIN32
#error _WIN32 was not asked for
#endif
int main(void)
{
    HANDLE event = CreateEvent(NULL, TRUE, TRUE, TEXT("test_install"));
    return event != NULL && sizeof(TCHAR) == 1 && WaitForSingleObject(event, 0) == WAIT_OBJECT_0 ? 42 : 1;
}
END
cat >"$here/sources/unicode.c" <<'END'
#include <windows.h>
#include <tchar.h>
int _tmain(int argc, TCHAR *argv[])
{
    HANDLE mutex = CreateMutex(NULL, FALSE, _T("test_install"));
    return mutex != NULL && argc == 1 && argv[1] == NULL && sizeof(TCHAR) == sizeof(wchar_t) ? 42 : 1;
}
END
cat >"$here/sources/win32.c" <<'END'
#ifdef __cplusplus /* a library's own header, before any of Windows: there these are keywords of the compiler */
extern "C"
#endif
__declspec(dllexport) int __cdecl early(unsigned __int64 number);
int __cdecl early(unsigned __int64 number) { return number != 0; }
#if defined(_WIN32) && defined(WIN32)
#include <windows.h>
#endif
int WINAPI WinMain(HINSTANCE own, HINSTANCE previous, LPSTR line, int show)
{
    return own == GetModuleHandle(NULL) && previous == NULL && line[0] == 0 && show == SW_SHOWNORMAL ? 42 : 1;
}
END
cat >"$here/sources/short-wchar.c" <<'END'
#include <windows.h>
int main(void) { return sizeof(wchar_t) == 2 && lstrlenW(L"four") == 4 ? 42 : 1; }
END

# builds_and_runs TITLE: with the modules that PKG_CONFIG_PATH and the like show. SHOWN: arguments for pkg-config
builds_and_runs() {
    local title=$1 choice modules compiler language status
    for choice in plain unicode win32 short-wchar; do
        modules=winshim
        [ $choice = plain ] || modules="winshim winshim-$choice"
        for compiler in "${compilers[@]}"; do
            language=c
            case $compiler in *++*) language=c++ ;; esac
            rm -f "$here/program"
            # shellcheck disable=SC2046,SC2086  # the words of pkg-config are words of the command
            if $compiler -Wall -Wextra -Werror $sanitize $($pkg_config $shown --cflags $modules) -x $language \
                "$here/sources/$choice.c" -x none -o "$here/program" $($pkg_config $shown --libs $modules) 2>"$here/said"
            then
                "$here/program" >>"$here/said" 2>&1
                status=$?
                [ $status = 42 ] || echo "ended with $status" >>"$here/said"
                verdict $((status != 42)) "$title: $modules, $compiler"
            else
                verdict 1 "$title: $modules, $compiler: does not build"
            fi
        done
    done
}
compilers=("${CC:-gcc}" "${CXX:-g++}")
# The other family, if it is here; a sanitizer's run-time library belongs to one of them.
if [ -z "$sanitize" ]; then
    case ${CC:-gcc} in *clang*) others=(gcc g++) ;; *) others=(clang clang++) ;; esac
    for other in "${others[@]}"; do command -v "$other" >/dev/null && compilers+=("$other"); done
fi

# ---- a prefix --------------------------------------------------------------------------------------------------------
prefix=$here/prefix
makes install PREFIX="$prefix"
verdict $? 'make install'
ls winapi_headers >"$here/wanted"
ls "$prefix/include/winshim" >"$here/found"
diff "$here/wanted" "$here/found" >"$here/said" 2>&1
verdict $? 'every header is there, and nothing else'
grep -rl -e "$build" -e "$PWD" "$prefix/lib/pkgconfig" "$prefix/include" >"$here/said"
verdict $(($? == 0)) 'no file speaks of the build folder'
shown=
export LD_LIBRARY_PATH=$prefix/lib PKG_CONFIG_PATH=$prefix/lib/pkgconfig
builds_and_runs installed
"$prefix/bin/winshim" check >"$here/said" 2>&1
verdict $? 'the command runs'
# What a case has made goes with its process.
ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" "$prefix/bin/winshim-conformance" --jobs 1 CreateMutex-20 >"$here/said" 2>&1
verdict $? 'the conformance suite runs'

# ---- moved with its prefix -------------------------------------------------------------------------------------------
mv "$prefix" "$here/moved"
shown=--define-prefix
export LD_LIBRARY_PATH=$here/moved/lib PKG_CONFIG_PATH=$here/moved/lib/pkgconfig
compilers=("${CC:-gcc}")
builds_and_runs moved
mv "$here/moved" "$prefix"

# ---- uninstall: what it did not bring stays --------------------------------------------------------------------------
touch "$prefix/lib/of-another"
makes uninstall PREFIX="$prefix"
verdict $? 'make uninstall'
[ "$(listed "$prefix")" = ./lib/of-another ] && [ ! -e "$prefix/include/winshim" ]
status=$?
listed "$prefix" >"$here/said"
verdict $status 'nothing of it is left'

# ---- a package: DESTDIR before the prefix, and not in the .pc file; folders by their own variables -------------------
makes install DESTDIR="$here/package" PREFIX=/usr LIBDIR=/usr/lib/any-linux
verdict $? 'make install with DESTDIR and LIBDIR'
[ -e "$here/package/usr/bin/winshim" ] && [ -e "$here/package/usr/lib/any-linux/libwinshim.so" ] &&
    [ -e "$here/package/usr/include/winshim/windows.h" ]
verdict $? 'the files are where they are asked to be'
grep -r "$here" "$here/package/usr/lib/any-linux/pkgconfig" >"$here/said"
verdict $(($? == 0)) 'no .pc file speaks of DESTDIR'
shown=
export LD_LIBRARY_PATH=$here/package/usr/lib/any-linux
export PKG_CONFIG_PATH=$here/package/usr/lib/any-linux/pkgconfig PKG_CONFIG_SYSROOT_DIR=$here/package
builds_and_runs package
makes uninstall DESTDIR="$here/package" PREFIX=/usr LIBDIR=/usr/lib/any-linux
listed "$here/package" >"$here/said"
[ ! -s "$here/said" ]
verdict $? 'make uninstall with DESTDIR and LIBDIR'

# ---- the build folder as it stands -----------------------------------------------------------------------------------
unset LD_LIBRARY_PATH PKG_CONFIG_SYSROOT_DIR
export PKG_CONFIG_PATH=$build/pkgconfig
builds_and_runs uninstalled
