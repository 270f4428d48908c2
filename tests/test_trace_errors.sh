#!/usr/bin/env bash
# test_trace_errors.sh - the trace knows each error of winerror.h by its name (shim/trace/errors.def), and each HRESULT.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$(cd "$root/${BUILD:-build}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
failed=0
verdict() {  # verdict STATUS WHAT
  if [[ $1 == 0 ]]; then echo "ok $2"; else echo "FAIL $2"; failed=1; fi
}

# NO_ERROR is ERROR_SUCCESS under another name; the trace shows the latter.
mapfile -t errors < <(grep -oE '^#define +(ERROR_[A-Z0-9_]+|WAIT_TIMEOUT)\b' "$root/winapi_headers/winerror.h" |
  awk '{print $2}')
mapfile -t results < <(grep -oE '^#define +[SE]_[A-Z]+\b' "$root/winapi_headers/winerror.h" | awk '{print $2}')

{
  echo '#include <windows.h>'
  echo 'int main(void)'
  echo '{'
  printf '    SetLastError(%s);\n' "${errors[@]}"
  echo '    return 0;'
  echo '}'
} >program.c
# shellcheck disable=SC2086  # words
${CC:-gcc} ${SANITIZE:+-fsanitize=$SANITIZE} -I"$root/winapi_headers" program.c -o program -L"$build" \
  -Wl,-rpath,"$build" -lwinshim -pthread
WINSHIM_TRACE=trace ./program
for error in "${errors[@]}"; do echo "SetLastError(dwErrCode=$error) error=$error"; done >wanted
sed -n 's/.* \(SetLastError(.*\) <.*/\1/p' trace >shown
status=0
diff wanted shown || status=$?
verdict $status "${#errors[@]} errors, each by the name that winerror.h has"

status=0
for result in "${results[@]}"; do
  grep -q "N($result)" "$root/shim/trace/names.cpp" || { echo "no $result in shim/trace/names.cpp"; status=1; }
done
verdict $status "${#results[@]} HRESULTs are in the trace's list"
[[ $failed == 0 ]] && echo "all as it should be"
exit $failed
