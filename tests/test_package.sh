#!/usr/bin/env bash
# test_package.sh - make dist and make deb: what is in them, and that it works.
#
# Needs     BUILD: the build folder. CC, PKG_CONFIG. SANITIZE: as given to make. git, dpkg-dev and lintian where they are:
#           what is missing skips its part, and says so.
set -u
cd "$(dirname "$0")/.." || exit 1
build=$(cd "${BUILD:?}" && pwd)
here=$(mktemp -d) || exit 1
trap 'rm -rf "$here"' EXIT
pkg_config=${PKG_CONFIG:-pkg-config}

verdict() { # STATUS TITLE
    if [ "$1" = 0 ]; then echo "ok $2"; else echo "FAIL $2"; sed 's/^/      | /' "$here/said"; fi
}
# The make that runs this test, if one does, shall not lend this one its job slots.
makes() { env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s BUILD="$BUILD" "$@" >"$here/said" 2>&1; }

# ---- the source archive ----------------------------------------------------------------------------------------------
if git rev-parse --verify -q HEAD >/dev/null 2>&1; then
    makes dist
    verdict $? "make dist"
    archive=$(tail -n 1 "$here/said")
    tar -xzf "$archive" -C "$here" 2>"$here/said" && cd "$here"/winshim-*/ && find . ! -type d | sed 's|^\./||' | sort >"$here/in"
    cd "$OLDPWD" 2>/dev/null || cd "$(dirname "$0")/.." || exit 1
    git ls-tree -r --name-only HEAD | sort | diff - "$here/in" >"$here/said"
    verdict $? "the archive holds what is committed, and nothing else"
    (cd "$here"/winshim-*/ && env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -n lib tool) >"$here/said" 2>&1
    verdict $? "make knows what to do in it"
else
    echo "skipped: make dist needs git and a commit"
fi

# ---- the Debian package ----------------------------------------------------------------------------------------------
if [ -n "${SANITIZE:-}" ] || ! command -v dpkg-shlibdeps >/dev/null; then
    echo "skipped: make deb needs dpkg-dev, and an ordinary build"
    exit 0
fi
makes deb
verdict $? "make deb"
package=$(tail -n 1 "$here/said")
unpacked=$here/unpacked
mkdir "$unpacked"
dpkg-deb -x "$package" "$unpacked" 2>"$here/said"
verdict $? "the package can be unpacked"
cat >"$here/prog.c" <<'END'
#include <windows.h>
int main(void)
{
    HANDLE mutex = CreateMutex(NULL, FALSE, TEXT("test_package"));
    return WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0 && ReleaseMutex(mutex) ? 42 : 1;
}
END
lib=$(dirname "$(find "$unpacked" -name libwinshim.so)")
flags=$(PKG_CONFIG_PATH=$lib/pkgconfig $pkg_config --define-variable=prefix="$(dirname "$(find "$unpacked" -name include -type d)")" --cflags --libs winshim)
# shellcheck disable=SC2086  # flags are words
{ ${CC:-gcc} -Wall -Wextra "$here/prog.c" -o "$here/prog" $flags && LD_LIBRARY_PATH=$lib "$here/prog"; } >"$here/said" 2>&1
[ $? = 42 ]
verdict $? "a program is built against the unpacked package, and works"
(cd "$unpacked" && dpkg-deb --ctrl-tarfile "$OLDPWD/$package" | tar -xO ./md5sums | md5sum -c --quiet) >"$here/said" 2>&1
verdict $? "its checksums are right"
command=$(find "$unpacked" -name winshim -type f -perm -u+x)
LD_LIBRARY_PATH=$lib "$command" --version >"$here/said" 2>&1
verdict $? "its command runs"
if command -v lintian >/dev/null; then
    # Not the warnings: which there are depends on the lintian at hand.
    lintian --fail-on error "$package" >"$here/said" 2>&1
    verdict $? "lintian finds no error"
else
    echo "skipped: lintian is not installed"
fi
