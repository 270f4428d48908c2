#!/usr/bin/env bash
# test_tool_help.sh - the help of the command: each subcommand has it, in three ways, and the manual page knows each.
#
# Needs   BUILD: the build folder.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
tool=${BUILD:?}/winshim
page=docs/man/winshim.1
failed=0
verdict() { if [[ $1 == 0 ]]; then echo "ok $2"; else echo "FAIL $2"; failed=1; fi; }
is() { # WHAT, then a test: the command and what follows it
  local what=$1
  shift
  "$@" >/dev/null 2>&1
  verdict $? "$what"
}
ends_with() { # STATUS COMMAND...
  local wanted=$1
  shift
  "$@" >/dev/null 2>&1
  [[ $? == "$wanted" ]]
}

commands=$("$tool" help | sed -n 's/^  \([a-z]*\)  *.*/\1/p' | grep -v -x -e help -e version)
verdict $(($(wc -w <<<"$commands") < 11)) "winshim help lists the subcommands"
for command in $commands; do
  long=$("$tool" help "$command") && [[ $long == "usage: winshim $command"* ]]
  verdict $? "winshim help $command"
  [[ $("$tool" "$command" --help) == "$long" ]]
  verdict $? "winshim $command --help says the same"
  ! awk 'length > 120' <<<"$long" | grep -q .
  verdict $? "in lines that fit a terminal"
  [[ -z $("$tool" "$command" --no-such-option x 2>/dev/null) ]]
  verdict $? "winshim $command --no-such-option says nothing on standard output"
  is "winshim $command --no-such-option is an error" ends_with 2 bash -c "\"$tool\" $command --no-such-option x; s=\$?; ((s == 125)) && exit 2; exit \$s"
  grep -q -F -e "fBwinshim $command" -e "fB$command\\fR" $page
  verdict $? "the manual page has $command"
  # Each option that the help shows.
  for option in $(grep -o -e '--[a-z-]*' <<<"$long" | sort -u); do
    [[ $option == -- ]] || grep -q -F -e "${option//-/\\-}" $page
    verdict $? "the manual page has $command $option"
  done
done
is 'winshim alone: status 2' ends_with 2 "$tool"
is 'an unknown subcommand: status 2' ends_with 2 "$tool" nonsense
is 'help for an unknown subcommand: status 2' ends_with 2 "$tool" help nonsense
[[ $("$tool" --version) == winshim* && $("$tool" version) == winshim* ]]
verdict $? 'the version'
# A full device is an error, not a success without output.
if [[ -w /dev/full ]]; then
  is 'an output that cannot be written: status 2' ends_with 2 bash -c "\"$tool\" objects >/dev/full"
fi
# What is shown in the manual page as it is read.
if command -v man >/dev/null && [[ $(man -l $page 2>/dev/null | wc -l) -gt 0 ]]; then
  [[ -z $(man --warnings -l $page 2>&1 >/dev/null) ]]
  verdict $? 'the manual page has no mistakes'
fi
exit $failed
