# symbols.awk - from preprocessed C: the functions that the headers declare, one "name symbol" a line.
#
# Reads the output of `cc -E` and looks only at what came from files below `headers` (the -v argument, with a slash at
# its end), as the line marks say. The symbol is that of the asm label if there is one, else the name.

/^# [0-9]+ "/ {
    file = $3
    gsub(/"/, "", file)
    ours = index(file, headers) == 1
    next
}
/^#/ { next }
ours { text = text " " $0 }

END {
    gsub(/[ \t]+/, " ", text)
    gsub(/extern "C" \{/, "", text)
    while (gsub(/\{[^{}]*\}/, "\001;", text)) # bodies, innermost first: \001 marks what had one
        ;
    count = split(text, statement, ";")
    for (i = 1; i <= count; i++) {
        s = statement[i]
        if (s ~ /typedef|[{}\001]/ || s !~ /\(/)
            continue
        symbol = ""
        if (match(s, /__asm__ ?\([^)]*\)/)) {
            symbol = substr(s, RSTART, RLENGTH)
            s = substr(s, 1, RSTART - 1)
            sub(/^__asm__ ?\(/, "", symbol)
            gsub(/[" )]/, "", symbol)
        }
        sub(/\(.*/, "", s)
        sub(/ +$/, "", s)
        sub(/.*[ *]/, "", s)
        print s, symbol == "" ? s : symbol
    }
}
