#!/usr/bin/env bash
# test_samples.sh - the sample programs of docs/samples, built as the README says and run: what they say is expected.
#
# Needs     BUILD: the build folder. CC, CXX: compilers. SANITIZE: as given to make
# Left out  under the thread sanitizer, which judges the samples' own flags, volatile as Win32 sources have them
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
case ${SANITIZE:-} in
*thread*) echo '[  SKIPPED ] 1 test'; exit 0 ;;
esac
status=0
docs/samples/run winshim | sed '$d' || status=1
# The other family of compilers, if it is here; a sanitizer's run-time library belongs to one of them.
if [ -z "${SANITIZE:-}" ]; then
    case ${CC:-gcc} in *clang*) other='gcc g++' ;; *) other='clang clang++' ;; esac
    if command -v "${other% *}" >/dev/null && command -v "${other#* }" >/dev/null; then
        CC=${other% *} CXX=${other#* } docs/samples/run winshim | sed -e '$d' -e "/^[a-zA-Z]* /s/\$/, ${other% *}/" || status=1
    fi
fi
exit $status
