#!/usr/bin/env bash
# test_preload_winpr.sh - programs of WinPR and FreeRDP with winshim preloaded.
#
# Purpose   winpr-hash, winpr-makecert and xfreerdp, which nobody here wrote, do with winshim what they do without: the
#           same output, the same messages, the same exit status. A program for WinPR keeps what WinPR gives it
#           (tests/preload/winpr.c, part `own`), and gets what WinPR has not (part `new`). The structures that both
#           libraries and the program share have one layout.
# Needs     BUILD: the build folder. CC: a compiler. WinPR's library, headers and programs, xfreerdp, Xvfb and
#           freerdp-shadow-cli as far as they are there: what is missing is skipped, and said (`make test-winpr`
#           fetches them)
set -u
cd "$(dirname "$0")/.." || exit 1
build=$(cd "${BUILD:?}" && pwd)
cc=${CC:-gcc} pkg_config=${PKG_CONFIG:-pkg-config}
skip() { echo "[  SKIPPED ] 1 test(s): $1"; }
if [[ ${SANITIZE:-} ]]; then
  skip 'programs without the sanitizer do not take its run-time library'
  echo '0 passed, 0 failed'
  exit 0
fi
here=$(mktemp -d) || exit 1
x_server=
end() {
  [[ -z $x_server ]] || kill "$x_server" 2>/dev/null
  # Who is ended by a signal leaves the segment to the next who comes; and xfreerdp never removes this one of its own.
  "$build/winshim" check --discard >/dev/null 2>&1
  [[ -z ${WINSHIM_TEST_OWN_SHM:-} ]] || rm -f /dev/shm/com.freerdp.xfreerdp.tsmf_*
  rm -rf "$here"
}
trap end EXIT
export WINSHIM_NAMESPACE=${WINSHIM_NAMESPACE:-}winpr HOME=$here/home
mkdir "$HOME"

failed=0 passed=0
verdict() { # STATUS TITLE: what was said is in $here/said
  if [[ $1 == 0 ]]; then
    echo "ok $2"
    passed=$((passed + 1))
  else
    echo "FAIL $2"
    sed 's/^/      | /' "$here/said"
    failed=$((failed + 1))
  fi
}
# WinPR begins its messages with the time, the process and the thread.
plainly() { sed -E 's/^\[[0-9:]+\] \[[0-9]+:[0-9]+\]/[time] [thread]/' "$1"; }
# both NAME COMMAND...: without and with; into $here/NAME.{alone,preloaded}
both() {
  local name=$1 how
  shift
  for how in alone preloaded; do
    local with=()
    [[ $how == alone ]] || with=(env "LD_PRELOAD=$build/libwinshim.so.0")
    timeout 60 "${with[@]+"${with[@]}"}" "$@" >"$here/out" 2>"$here/err" </dev/null
    echo "status $?" >"$here/status"
    {
      cat "$here/status"
      echo '-- output'
      cat "$here/out"
      echo '-- messages'
      plainly "$here/err"
    } >"$here/$name.$how"
  done
}
# unchanged TITLE COMMAND...
unchanged() {
  local title=$1
  shift
  both unchanged "$@"
  diff "$here/unchanged.alone" "$here/unchanged.preloaded" >"$here/said" 2>&1
  verdict $? "$title: $(head -n 1 "$here/unchanged.alone") and the same output"
}

# ---- a program for WinPR --------------------------------------------------------------------------------------------
if $pkg_config --exists winpr2 2>/dev/null; then
  # shellcheck disable=SC2046
  "$cc" -g -Wall -Wextra -Wno-unused-parameter -pthread $($pkg_config --cflags winpr2) tests/preload/winpr.c \
    -o "$here/winpr" $($pkg_config --libs winpr2) >"$here/said" 2>&1
  verdict $? "a program is built against WinPR $($pkg_config --modversion winpr2)"
  export WLOG_LEVEL=OFF
  unchanged 'files, sockets, pipes, threads, pool, queue, heap' "$here/winpr" own
  { grep '^status 0$' && grep 'named pipe 1 1, connected 1, sent 1, received 1 pipe' && grep 'pool 100' &&
    grep 'codes 7 7 7 7, counted 4001' && grep 'tied 0, 0'; } <"$here/unchanged.preloaded" >/dev/null 2>&1
  cp "$here/unchanged.preloaded" "$here/said"
  verdict $? 'and they do work'

  both new "$here/winpr" new
  unset WLOG_LEVEL
  cat >"$here/expected" <<'END'
status 0
-- output
auto-reset: 0 0
named, across processes: 1 258, opened 0
abandoned: 258
list 0 1
mixed: 0 0 0
-- messages
END
  diff "$here/expected" "$here/new.alone" >"$here/said" 2>&1
  verdict $? 'with WinPR alone events do not reset themselves, names are not shared, mutexes are not abandoned'
  cat >"$here/expected" <<'END'
status 0
-- output
auto-reset: 0 258
named, across processes: 0 0, opened 1
abandoned: 128
list 3 1
mixed: 258 0 1
-- messages
END
  diff "$here/expected" "$here/new.preloaded" >"$here/said" 2>&1
  verdict $? 'with winshim they do, and are'

  "$here/winpr" sizes >"$here/theirs"
  printf '%s\n' '#include <stddef.h>' '#include <stdio.h>' '#include <windows.h>' '#include "tests/preload/sizes.h"' \
    'int main(void) { print_sizes(); return 0; }' >"$here/sizes.c"
  # An entry of a list is rounded up to its alignment here, and not there; what counts is its first word.
  "$cc" -fshort-wchar -Iwinapi_headers -I. "$here/sizes.c" -o "$here/sizes" && "$here/sizes" >"$here/ours" &&
    diff <(grep -v SLIST_ENTRY "$here/theirs") <(grep -v SLIST_ENTRY "$here/ours") >"$here/said" 2>&1
  verdict $? "$(wc -l <"$here/ours") sizes and offsets are the same in WinPR's headers and in winshim's"
else
  skip 'WinPR has no headers here (libwinpr2-dev)'
fi

# ---- WinPR's programs -----------------------------------------------------------------------------------------------
if command -v winpr-hash >/dev/null; then
  unchanged winpr-hash winpr-hash -u user -p secret
  unchanged 'winpr-hash of a domain' winpr-hash -u user -p secret -d domain -f sam -v 2
  unchanged 'winpr-hash without arguments' winpr-hash
else
  skip 'winpr-hash is not here (winpr-utils)'
fi
if command -v winpr-makecert >/dev/null; then
  unchanged 'winpr-makecert without arguments' winpr-makecert
  # What it makes is another each time; that it is a certificate for that name, openssl says.
  for how in alone preloaded; do
    mkdir "$here/cert-$how"
    with=()
    [[ $how == alone ]] || with=(env "LD_PRELOAD=$build/libwinshim.so.0")
    "${with[@]+"${with[@]}"}" winpr-makecert -rdp -silent -path "$here/cert-$how" -y 1 test-host >"$here/out" 2>&1
    {
      echo "status $?"
      cat "$here/out"
      (cd "$here/cert-$how" && stat -c '%n %a' ./*)
      openssl x509 -noout -subject -in "$here/cert-$how/test-host.crt" 2>&1
    } >"$here/cert.$how"
  done
  diff "$here/cert.alone" "$here/cert.preloaded" >"$here/said" 2>&1
  verdict $? "winpr-makecert: $(head -n 1 "$here/cert.alone") and the same files"
else
  skip 'winpr-makecert is not here (winpr-utils)'
fi

# ---- xfreerdp -------------------------------------------------------------------------------------------------------
if command -v xfreerdp >/dev/null; then
  unset DISPLAY
  unchanged 'xfreerdp without a display' xfreerdp /v:127.0.0.1
  if command -v Xvfb >/dev/null; then
    # It chooses a display that is free, and says which.
    Xvfb -displayfd 3 -screen 0 640x480x24 -nolisten tcp -noreset >/dev/null 2>&1 3>"$here/display" &
    x_server=$!
    for ((i = 0; i < 300; ++i)); do
      [[ -s $here/display ]] && break
      sleep 0.1
    done
    DISPLAY=:$(cat "$here/display")
    export DISPLAY
    unchanged 'xfreerdp --version' xfreerdp --version
    unchanged 'xfreerdp --help' xfreerdp --help
    unchanged 'xfreerdp /buildconfig' xfreerdp /buildconfig
    unchanged 'xfreerdp to a port where nobody is' xfreerdp /v:127.0.0.1:1 /u:user /p:secret /cert:ignore
    unchanged 'xfreerdp to a host that is not' xfreerdp /v:host.invalid /u:user /p:secret /cert:ignore
    # A session: logged in, its window shown, and ended by the server's end.
    if command -v freerdp-shadow-cli >/dev/null; then
      port=$((20000 + $$ % 10000))
      for how in alone preloaded; do
        with=()
        [[ $how == alone ]] || with=("LD_PRELOAD=$build/libwinshim.so.0")
        env "${with[@]+"${with[@]}"}" freerdp-shadow-cli "/port:$port" -auth /sec:rdp >"$here/server" 2>&1 &
        server=$!
        for ((i = 0; i < 300; ++i)); do
          (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
          sleep 0.1
        done
        rm -f "$here/session.txt"
        env "${with[@]+"${with[@]}"}" WLOG_LEVEL=INFO WLOG_APPENDER=file "WLOG_FILEAPPENDER_OUTPUT_FILE_PATH=$here" \
          WLOG_FILEAPPENDER_OUTPUT_FILE_NAME=session.txt xfreerdp "/v:127.0.0.1:$port" /u:user /p:secret /cert:ignore \
          /sec:rdp >"$here/session" 2>&1 &
        client=$!
        # The last that it says when the session is up.
        state='never up'
        for ((i = 0; i < 300; ++i)); do
          if grep -qs 'Loading Dynamic Virtual Channel' "$here/session.txt"; then state=up && break; fi
          kill -0 "$client" 2>/dev/null || break
          sleep 0.1
        done
        kill -0 "$client" 2>/dev/null && state+=', runs'
        kill "$server"
        wait "$server" 2>/dev/null
        kill "$client" 2>/dev/null
        for ((i = 0; i < 300; ++i)); do kill -0 "$client" 2>/dev/null || break; sleep 0.1; done
        kill -9 "$client" 2>/dev/null && state+=', hangs'
        wait "$client" 2>/dev/null
        echo "$state" >"$here/session.$how"
        cat "$here/session.txt" "$here/session" "$here/server" >>"$here/sessions" 2>/dev/null
        port=$((port + 1))
      done
      {
        echo "alone: $(cat "$here/session.alone")"
        echo "preloaded: $(cat "$here/session.preloaded")"
        tail -n 40 "$here/sessions"
      } >"$here/said"
      [[ $(cat "$here/session.alone") == 'up, runs' && $(cat "$here/session.preloaded") == 'up, runs' ]]
      verdict $? 'a session of xfreerdp with a FreeRDP server, both with winshim'
    else
      skip 'there is no FreeRDP server here (freerdp2-shadow-x11)'
    fi
  else
    skip 'there is no X server here (xvfb)'
  fi
else
  skip 'xfreerdp is not here (freerdp2-x11)'
fi
echo "$passed passed, $failed failed"
((failed == 0))
