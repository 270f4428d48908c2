#!/usr/bin/env bash
# test_trace_links.sh - the trace meets calls however the program was linked, loads libraries, or came by the functions.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$(cd "$root/${BUILD:-build}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
passed=0 failed=0
verdict() {  # verdict STATUS WHAT
  if [[ $1 == 0 ]]; then echo "ok $2"; passed=$((passed + 1)); else echo "FAIL $2"; failed=$((failed + 1)); fi
}
cc=${CC:-gcc}
sanitize=${SANITIZE:+-fsanitize=$SANITIZE}
compile() { $cc $sanitize -Wall -Wextra -D_GNU_SOURCE -I"$root/winapi_headers" "$@"; }
link_winshim=(-L"$build" -Wl,-rpath,"$build" -lwinshim -pthread)

# SetEvent is called directly twice, by an initialised pointer, by a library of the program's, by one that it loads.
cat >program.c <<'END'
#include <dlfcn.h>
#include <windows.h>
BOOL (WINAPI *by_pointer)(HANDLE) = SetEvent;
BOOL (WINAPI *const by_constant)(HANDLE) = SetEvent;
BOOL in_library(HANDLE event);
int main(int argc, char **argv)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
    BOOL (*loaded)(HANDLE);
    void *plugin;
    int good = SetEvent(event) && SetEvent(event) && by_pointer(event) && by_constant(event) && in_library(event);
    plugin = argc > 1 ? dlopen(argv[1], RTLD_LAZY) : NULL;
    if (plugin == NULL) return 2;
    *(void **)&loaded = dlsym(plugin, "in_library");
    return good && loaded(event) && by_pointer == SetEvent ? 0 : 1;
}
END
cat >library.c <<'END'
#include <windows.h>
BOOL in_library(HANDLE event) { return SetEvent(event); }
END
for binding in lazy now; do
  compile -fPIC -shared "-Wl,-z,$binding" library.c -o liblibrary.so "${link_winshim[@]}"
  cp liblibrary.so plugin.so
  for kind in "-fPIE -pie" "-fno-PIE -no-pie" "-fPIE -pie -fno-plt" "-fPIE -pie -Wl,-z,norelro"; do
    # shellcheck disable=SC2086
    compile $kind "-Wl,-z,$binding" program.c -o program -L. -Wl,-rpath,"$work" -llibrary "${link_winshim[@]}" -ldl
    rm -f trace
    status=0
    WINSHIM_TRACE=$work/trace ./program "$work/plugin.so" || status=$?
    [[ $(grep -c ' SetEvent(' trace) == 6 ]] || { status=1; cat trace; }
    verdict "$status" "$kind, -z $binding: six calls, six lines"
  done
done

# A program that knows nothing of winshim loads a library that needs it: the trace begins then.
cat >late.c <<'END'
#include <dlfcn.h>
int main(int argc, char **argv)
{
    void *plugin = dlopen(argv[argc - 1], RTLD_NOW), *(*create)(void *, int, int, const char *);
    int (*set)(void *);
    if (plugin == 0) return 2;
    *(void **)&create = dlsym(plugin, "CreateEventA");
    *(void **)&set = dlsym(plugin, "in_library");
    return create != 0 && set(create(0, 1, 0, 0)) ? 0 : 1;
}
END
compile late.c -o late -ldl
rm -f trace
status=0
if [[ -z $sanitize ]]; then
  WINSHIM_TRACE=$work/trace ./late "$work/plugin.so" || status=$?
  [[ $(grep -c ' SetEvent(\| CreateEventA(' trace) == 2 ]] || { status=1; cat trace; }
  verdict "$status" "libwinshim comes by dlopen"

  # A program built against another library that has the same functions, with libwinshim preloaded.
  cat >other.c <<'END'
#include <windows.h>
HANDLE CreateEventA(LPSECURITY_ATTRIBUTES s, BOOL m, BOOL i, LPCSTR n) { (void)s, (void)m, (void)i, (void)n; return NULL; }
BOOL SetEvent(HANDLE h) { (void)h; return FALSE; }
BOOL by_itself(void) { return SetEvent(CreateEventA(NULL, TRUE, FALSE, NULL)); }
END
  cat >user.c <<'END'
#include <windows.h>
BOOL by_itself(void);
int main(void) { return SetEvent(CreateEventA(NULL, TRUE, FALSE, "other")) && by_itself() ? 0 : 1; }
END
  compile -fPIC -shared other.c -o libother.so
  compile user.c -o user -L. -Wl,-rpath,"$work" -lother
  rm -f trace
  status=0
  WINSHIM_TRACE=$work/trace LD_PRELOAD=$build/libwinshim.so ./user || status=$?
  [[ $(grep -c ' SetEvent(.* = TRUE' trace) == 2 && $(grep -c ' CreateEventA(' trace) == 2 ]] || { status=1; cat trace; }
  verdict "$status" "libwinshim is preloaded before another library of these functions"
  status=0
  ./user && status=1
  verdict "$status" "  which behaves otherwise without it"
fi

# A child by CreateProcess writes into the same file.
cat >parent.c <<'END'
#include <windows.h>
int main(int argc, char **argv)
{
    STARTUPINFOA startup = {0};
    PROCESS_INFORMATION made;
    DWORD code = 9;
    if (argc > 1) return SetEvent(OpenEventA(EVENT_MODIFY_STATE, FALSE, "of the parent")) ? 0 : 1;
    startup.cb = sizeof startup;
    CreateEventA(NULL, TRUE, FALSE, "of the parent");
    if (!CreateProcessA(argv[0], (char[]){"parent child"}, NULL, NULL, FALSE, 0, NULL, "/", &startup, &made)) return 2;
    WaitForSingleObject(made.hProcess, INFINITE);
    GetExitCodeProcess(made.hProcess, &code);
    return (int)code;
}
END
compile parent.c -o parent "${link_winshim[@]}"
rm -f trace
status=0
WINSHIM_TRACE=trace "$work/parent" || status=$?
grep -q 'CreateProcessA(.*lpCommandLine="parent child".* = TRUE {lpProcessInformation={hProcess=0x[0-9a-f]* process, hThread=0x[0-9a-f]* thread, dwProcessId=' trace || status=1
grep -q ' OpenEventA(dwDesiredAccess=EVENT_MODIFY_STATE, .* = 0x[0-9a-f]* event "of the parent"' trace || status=1
[[ $(cut -d' ' -f2 trace | cut -d: -f1 | sort -u | wc -l) == 2 ]] || { status=1; cat trace; }
verdict "$status" "CreateProcess: the child in another directory writes into the same file"

echo "$passed passed, $failed failed"
((failed == 0))
