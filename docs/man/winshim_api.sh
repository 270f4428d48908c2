#!/usr/bin/env bash
# winshim_api.sh - writes the manual page winshim_api(3): which calls there are, by header, from the table of signatures.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
cat <<'END'
.TH WINSHIM_API 3 "2026" "winshim 0.1" "Library Functions"
.SH NAME
winshim_api \- the Win32 calls of libwinshim
.SH SYNOPSIS
.nf
\fB#include <windows.h>\fR
.PP
\fBcc $(pkg-config \-\-cflags winshim)\fR \fIFILE\fR \fB$(pkg-config \-\-libs winshim)\fR
.fi
.SH DESCRIPTION
Every call is documented where it is declared: what it does, its arguments with their units, each error, and where the
behaviour is documented. The headers lie in the folder that \fBpkg-config \-\-variable=includedir winshim\fR names. What is
not there is not declared.
.PP
A name that is followed by (A, W) takes text: \fINAME\fRA takes UTF-8, \fINAME\fRW wide characters, and \fINAME\fR is one of
them, as UNICODE says. The library itself exports \fINAME\fR as well, which is the form with A.
.SH CALLS
END
for part in objects processes local pool files text system; do
  awk '
    /^\/\/ [a-z_]+\.h/ { header = $2; sub(/:$/, "", header); next }
    /^[A-Z_]*FUNCTION\(/ {
        kind = $0; sub(/\(.*/, "", kind)
        name = $0; sub(/^[^,]*, /, "", name); sub(/[,)].*/, "", name)
        if (name ~ /_utf/) next
        if (header != shown) { printf "%s.SS %s\n", shown == "" ? "" : "\n", header; shown = header; first = 1 }
        printf "%s\\fB%s\\fR%s", first ? "" : ",\n", name, kind ~ /TEXT|MIXED|^PRINT/ ? " (A, W)" : ""
        first = 0
    }
    END { print "" }' "shim/relay/table/$part.def"
done
cat <<'END'
.SH SEE ALSO
.BR winshim (1),
.BR winshim (7),
.BR winshim-conformance (1)
END
