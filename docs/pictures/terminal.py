#!/usr/bin/env python3
"""terminal.py - a picture (SVG) of what a command writes on a terminal.

    terminal.py [--columns N] [--first N] [--title TEXT] -- COMMAND...   >picture.svg

Runs COMMAND on a pseudo terminal of its own, so that it writes what it would write for a person, and draws that: the
command line as a shell would show it, then the output with its colours. Nothing in the picture is written by hand.
"""
import argparse
import fcntl
import html
import os
import pty
import re
import shlex
import struct
import sys
import termios

WIDTH, HEIGHT, MARGIN = 7.8, 17, 14  # of a character, of a line, around all
COLOURS = {31: "#ff7b72", 32: "#7ee787", 33: "#f2cc60", 34: "#79c0ff", 35: "#d2a8ff", 36: "#79c0ff"}
PLAIN, DIM, BACKGROUND = "#d0d7de", "#8b949e", "#161b22"


def run(command, columns):
    """The bytes that the command writes to a terminal of so many columns."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm"
        os.environ.pop("NO_COLOR", None)
        os.execvp(command[0], command)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    said = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # the other end is closed
            part = b""
        if not part:
            break
        said += part
    os.waitpid(pid, 0)
    return said.decode("utf-8", "replace").replace("\r", "")


def runs(line):
    """A line as pieces: column, text, colour, bold."""
    column, colour, bold = 0, PLAIN, False
    for piece in re.split(r"(\033\[[0-9;]*m)", line):
        code = re.fullmatch(r"\033\[([0-9;]*)m", piece)
        if code is None:
            if piece.strip():
                yield column, piece, colour, bold
            column += len(piece)
            continue
        for number in (int(n or 0) for n in code.group(1).split(";")):
            if number == 0:
                colour, bold = PLAIN, False
            elif number == 1:
                bold = True
            elif number == 2:
                colour = DIM
            elif number in COLOURS:
                colour = COLOURS[number]


def picture(lines, title):
    widest = max(len(re.sub(r"\033\[[0-9;]*m", "", line)) for line in lines)
    width, top = widest * WIDTH + 2 * MARGIN, MARGIN + 20
    height = top + len(lines) * HEIGHT + MARGIN
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
           f'viewBox="0 0 {width:.0f} {height:.0f}">',
           f'<title>{html.escape(title)}</title>',
           f'<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>',
           '<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="13" xml:space="preserve">',
           f'<text x="{MARGIN}" y="{MARGIN + 6}" fill="{DIM}">{html.escape(title)}</text>']
    for row, line in enumerate(lines):
        for column, text, colour, bold in runs(line):
            lead = len(text) - len(text.lstrip())
            text = text.strip()
            weight = ' font-weight="bold"' if bold else ""
            out.append(f'<text x="{MARGIN + (column + lead) * WIDTH:.1f}" y="{top + (row + 1) * HEIGHT - 4}" '
                       f'textLength="{len(text) * WIDTH:.1f}" fill="{colour}"{weight}>{html.escape(text)}</text>')
    return "\n".join(out + ["</g>", "</svg>", ""])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--columns", type=int, default=150)
    parser.add_argument("--first", type=int, default=0, help="only so many lines of the output")
    parser.add_argument("--title", default="")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    shown = [os.path.basename(options.command[0])] + options.command[1:]
    lines = ["\033[32m$\033[0m \033[1m" + shlex.join(shown) + "\033[0m"]
    output = run(options.command, options.columns).rstrip("\n").split("\n")
    if options.first != 0 and len(output) > options.first:
        output = output[:options.first] + ["\033[2m..."]
    lines += output
    sys.stdout.write(picture(lines, options.title or shlex.join(shown)))


if __name__ == "__main__":
    main()
