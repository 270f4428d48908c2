#!/usr/bin/env bash
# test_attacked.sh - what can another user do to a user's objects? Nothing but be in the way, and that is said clearly.
#
# Purpose   Three users (root and two plain ones) share a /dev/shm: what one has made another can neither open nor
#           change; what one has planted under the other's names is refused with ERROR_ACCESS_DENIED and one line that
#           names it, and stays as it was; a set-user-id program listens to nobody's environment and joins its owner's
#           objects, never its caller's with more rights than the caller has.
# Needs     BUILD: the build folder; root (for two other users), a mount namespace. Without them all of it is skipped.
# Source    docs/security.md
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$(cd "${BUILD:?}" && pwd)
owner=64101 other=64102
unset WINSHIM_NAMESPACE WINSHIM_PROFILE

skip() { echo "[  SKIPPED ] 1 test(s): $1"; echo '0 passed, 0 failed'; exit 0; }
if [[ -z ${WINSHIM_ATTACKED_INSIDE:-} ]]; then
  [[ $(id -u) == 0 ]] || skip 'needs root, to act for two other users'
  command -v setpriv >/dev/null || skip 'needs setpriv'
  box='mount --make-private /dev/shm && mount -t tmpfs -o mode=1777,suid,exec,dev tmpfs /dev/shm'
  unshare --mount --propagation unchanged sh -c "$box" 2>/dev/null || skip 'may not mount'
  WINSHIM_ATTACKED_INSIDE=1 exec unshare --mount --propagation unchanged sh -c "$box"' && exec "$@"' sh "$0" "$@"
fi
setpriv --reuid=$owner --regid=$owner --clear-groups true 2>/dev/null || skip 'may not become another user'

# ---- the cast --------------------------------------------------------------------------------------------------------
# All that other users execute lies in the private /dev/shm: the source tree may be closed to them.
work=$(mktemp -d) cast=/dev/shm/cast
running=()
trap 'kill -9 ${running[@]+"${running[@]}"} 2>/dev/null; rm -rf "$work" "$cast"' EXIT
mkdir -m 755 $cast
cp "$build/libwinshim.so" $cast/libwinshim.so.0 && chmod 755 $cast/libwinshim.so.0
${CC:-gcc} -O1 -Wall -D_GNU_SOURCE ${SANITIZE:+-fsanitize=$SANITIZE} -I"$root/winapi_headers" \
  "$root/tests/attacked/party.c" $cast/libwinshim.so.0 -Wl,-rpath,$cast -o $cast/party || exit 2
abi=$(uname -m)
[[ ${CC:-} != *-m32* ]] || abi=i386

passed=0 failed=0
verdict() {  # verdict STATUS TITLE: on failure with what was said
  if [[ $1 == 0 ]]; then echo "ok    $2"; passed=$((passed + 1)); return; fi
  echo "FAIL  $2"
  failed=$((failed + 1))
  sed 's/^/      | /' "$work/out" "$work/err"
}
as() {  # as UID WORD...: the party as that user; out and err are kept
  local user=$1
  shift
  setpriv --reuid="$user" --regid="$user" --clear-groups $cast/party "$@" >"$work/out" 2>"$work/err" </dev/null
}
says() {  # says TITLE UID ANSWER WORD...: the answers, joined, and nothing on standard error
  local title=$1 user=$2 wanted=$3 status=0
  shift 3
  as "$user" "$@" || status=1
  [[ $(paste -sd ' ' "$work/out") == "$wanted" && ! -s $work/err ]] || status=1
  verdict $status "$title"
}
# The party in the background, with lines to be sent to it. begin NAME UID WORD...; go NAME; heard NAME TEXT.
begin() {
  local name=$1 user=$2 fd
  shift 2
  mkfifo "$work/$name.in"
  : >"$work/$name.out"
  setpriv --reuid="$user" --regid="$user" --clear-groups $cast/party "$@" \
    <"$work/$name.in" >"$work/$name.out" 2>"$work/$name.err" &
  running+=($!)
  declare -g "pid_$name=$!"
  exec {fd}>"$work/$name.in"
  declare -g "fd_$name=$fd"
}
go() { local fd=fd_$1; echo >&"${!fd}"; }
end() {  # waits for it; its status
  local pid=pid_$1 number=fd_$1 status
  local fd=${!number}
  wait "${!pid}"
  status=$?
  exec {fd}>&-
  rm -f "$work/$1.in"
  return $status
}
heard() {  # heard NAME TEXT [TIMES]: at most 20 s
  local patience=2000
  until (($(grep -cxe "$2" "$work/$1.out") >= ${3:-1})); do
    ((--patience > 0)) || { cp "$work/$1.out" "$work/out"; cp "$work/$1.err" "$work/err"; return 1; }
    sleep 0.01
  done
}
asleep() {  # asleep NAME: until its main thread blocks, and has its bell
  local pid=pid_$1 patience=2000
  until grep -q '^State:.S' "/proc/${!pid}/status" && compgen -G "/dev/shm/sem.winshim-$2-*" >/dev/null; do
    ((--patience > 0)) || return 1
    sleep 0.01
  done
}
clean() { find /dev/shm -mindepth 1 -maxdepth 1 ! -path $cast -exec rm -rf {} +; }
print_of() {  # all that could change in FILE, its content included; a link's own
  stat -c '%F %a %u %g %h %s %Y %t %T' "$1"
  [[ -L $1 || ! -f $1 ]] || head -c 65536 "$1" | cksum
}

# ---- what there is, and what another user can do to it ---------------------------------------------------------------
name_of() { echo "/dev/shm/winshim-$1-$abi${2:+-$2}"; }
for mask in 000 022 777; do
  begin waiter $owner umask $mask create it wait it open
  heard waiter created && asleep waiter $owner
  verdict $? "umask $mask: attached and blocked"
  files=("$(name_of $owner)" /dev/shm/sem.winshim-$owner-*)
  modes=$(stat -c '%a %u %h %F' "${files[@]}" | sort -u)
  [[ ${#files[@]} == 2 && $modes == "600 $owner 1 regular file" ]]
  verdict $? "umask $mask: segment and bell are plain files of mode 600"
  for file in "${files[@]}"; do
    says "umask $mask: another user can do nothing to its ${file##*/}" $other nothing attack "$file"
  done
  says "umask $mask: the same name is another object for another user" $other 'created set' create it set it
  says "umask $mask: for root, too" 0 'created set' create it set it
  says "umask $mask: its user sets it" $owner set set it
  heard waiter signaled && heard waiter 0 && end waiter
  verdict $? "umask $mask: woken, and no descriptor left open"
  [[ -z $(find /dev/shm -maxdepth 1 -name '*winshim*') ]]
  verdict $? "umask $mask: nothing is left"
done

# ---- things in the place of the segment ------------------------------------------------------------------------------
# refused TITLE UID FILE: the documented error, one line that names the file and gives a reason, FILE as it was.
refused() {
  local title=$1 user=$2 file=$3 reason=$4 before status=0
  before=$(print_of "$file")
  as "$user" create it open create it || status=1
  [[ $(paste -sd ' ' "$work/out") == 'error 5 0 error 5' ]] || status=1
  [[ $(wc -l <"$work/err") == 1 ]] || status=1
  grep -qxE "winshim: $file: $reason" "$work/err" || status=1
  [[ $(print_of "$file") == "$before" ]] || { echo "changed: $before" >>"$work/err"; status=1; }
  verdict $status "$title"
  rm -rf "$file"
}
plant() {  # plant UID KIND FILE
  as "$1" plant "$2" "$3"
  [[ $(cat "$work/out") == planted ]] || { verdict 1 "could not plant $2"; return 1; }
}
begin holder $other create bait line
heard holder created
cp --sparse=always "$(name_of $other)" "$work/genuine"
go holder && end holder
chmod 644 "$work/genuine" && chmod 711 "$work"
secret=/dev/shm/secret
for user in $owner 0; do
  for space in '' tea; do
    export WINSHIM_NAMESPACE=$space
    [[ $space ]] || unset WINSHIM_NAMESPACE
    at=$(name_of $user $space) who="user $user${space:+, namespace $space}"
    echo "of user $user" >$secret && chown $user $secret && chmod 600 $secret
    plant $other file "$at" &&
      refused "$who: an empty file of another user" $user "$at" 'belongs to another user; refused'
    plant $other zeros "$at" && refused "$who: a file of zeros" $user "$at" 'belongs to another user; refused'
    plant $other "copy=$work/genuine" "$at" &&
      refused "$who: a segment that another user has made" $user "$at" 'belongs to another user; refused'
    plant $other fifo "$at" && refused "$who: a FIFO" $user "$at" 'is a FIFO; refused'
    plant $other socket "$at" && refused "$who: a socket" $user "$at" 'is a socket; refused'
    plant $other directory "$at" && refused "$who: a directory" $user "$at" 'is a directory; refused'
    plant 0 device "$at" && refused "$who: a device" $user "$at" 'is a device; refused'
    plant 0 device "$at" && chown $user "$at" && refused "$who: a device of its own" $user "$at" 'is a device; refused'
    for target in $secret /dev/zero /dev/shm/nothing-there /tmp "$cast/party"; do
      plant $other "link=$target" "$at" &&
        refused "$who: a symbolic link to $target" $user "$at" 'is a symbolic link; refused'
    done
    plant $user "link=$secret" "$at" &&
      refused "$who: a symbolic link of its own" $user "$at" 'is a symbolic link; refused'
    # Only where fs.protected_hardlinks is off can another user do that; root acts for him.
    ln $secret "$at" && refused "$who: a second name of a file of its own" $user "$at" 'has a second name; refused'
    [[ ! -e /dev/shm/nothing-there && $(cat $secret) == "of user $user" && $(stat -c '%a %u' $secret) == "600 $user" ]]
    verdict $? "$who: nothing was followed, written or made"
    rm -f $secret
  done
done
unset WINSHIM_NAMESPACE
at=$(name_of $owner)
plant $other file "$at"
WINSHIM_NAMESPACE=elsewhere says 'another namespace is a way round' $owner 'created' create it
rm -f "$at"

# ---- files of its own that are not right -----------------------------------------------------------------------------
own() { install -o $owner -g $owner -m "$1" /dev/null "$at"; }
for mode in 604 640 660 666 602; do
  own $mode && refused "its own empty file, mode $mode" $owner "$at" 'may be opened by other users; refused'
  own $mode && cp "$work/genuine" "$at" &&
    refused "its own segment, mode $mode" $owner "$at" 'may be opened by other users; refused'
done
differs() {  # differs TITLE: the error for what is no segment of this version; the file stays
  local before status=0
  before=$(print_of "$at")
  as $owner create it || status=1
  [[ $(cat "$work/out") == 'error 1306' && $(wc -l <"$work/err") == 1 && $(print_of "$at") == "$before" ]] || status=1
  grep -qE "^winshim: $at: .*refused" "$work/err" || status=1
  verdict $status "$1"
  rm -f "$at"
}
own 600 && echo 'a letter' >"$at" && differs 'its own letter is not overwritten'
own 600 && truncate -s 4096 "$at" && differs 'zeros of another size'
own 600 && cp "$work/genuine" "$at" && truncate -s -4096 "$at" && differs 'a segment cut short'
own 600 && cp "$work/genuine" "$at" && truncate -s +4096 "$at" && differs 'a segment that has grown'
own 600 && cp "$work/genuine" "$at" && printf '\377' | dd of="$at" bs=1 seek=8 conv=notrunc status=none &&
  differs 'another layout version'
own 600 && cp "$work/genuine" "$at" && printf '\1\2\3\4' | dd of="$at" bs=1 seek=12 conv=notrunc status=none &&
  differs 'another signature'
own 600 && says 'an empty file of its own becomes the segment' $owner 'created set signaled' create it set it wait it
own 400 && refused 'its own file that it may not write' $owner "$at" 'permission denied'
own 600 && truncate -s "$(stat -c %s "$work/genuine")" "$at" &&
  says 'a segment whose maker died before its first line is made anew' $owner created create it

# ---- things in the place of bells ------------------------------------------------------------------------------------
# A bell shows the segment's random number: from then on another user can plant the bells to come.
for user in $owner 0; do
  for kind in file zeros fifo socket directory device hard=$secret link=$secret link=/dev/zero \
    link=/dev/shm/nothing-there; do
    echo secret >$secret && chown $user $secret && chmod 600 $secret
    begin first $user create one create two wait one
    heard first created && asleep first $user
    bell=$(compgen -G "/dev/shm/sem.winshim-$user-*.*") planter=$other
    # Root acts for the other user where the kernel forbids him: devices, and a second name of a file not his.
    [[ $kind == device || $kind == hard=* ]] && planter=0
    for slot in 1 2 3 4 5; do plant $planter $kind "${bell%.*}.$slot"; done
    before=$(for slot in 1 2 3 4 5; do print_of "${bell%.*}.$slot"; done)
    begin second $user create two wait two mapped
    heard second exists
    sleep 0.3  # so that it is asleep, mostly; nothing is ordered by it
    says "user $user, bells are ${kind}: a signal is sent" $user 'set set' set two set one
    heard second signaled && heard first signaled
    verdict $? "user $user, bells are ${kind}: all are woken"
    end second && end first && ! grep -q "\\.[1-5] " "$work/second.out" &&
      [[ ! -s $work/first.err && ! -s $work/second.err ]]
    verdict $? "user $user, bells are ${kind}: none of them was mapped, nothing was complained of"
    [[ $(cat $secret) == secret && ! -e /dev/shm/nothing-there ]]
    verdict $? "user $user, bells are ${kind}: nothing was followed or written"
    if [[ $user != 0 && $kind != hard=* ]]; then  # the names of his own files the last one out removes
      [[ $(for slot in 1 2 3 4 5; do print_of "${bell%.*}.$slot"; done) == "$before" ]]
      verdict $? "user $user, bells are ${kind}: they are as they were"
    fi
    clean
  done
done

# ---- names of name spaces --------------------------------------------------------------------------------------------
# Each makes one file right in /dev/shm, and different texts make different ones.
long=$(printf 'n%.0s' {1..9999})
declare -A made=()
for space in . .. / ../../etc/passwd /dev/shm/x a/b a%2Fb %2F a~b 'a b' $'a\nb' $'\e[31m' $'\xff\xfe' \
  'Größe' "${long}a" "${long}b" "/$long"; do
  export WINSHIM_NAMESPACE=$space
  shown=$(printf '%.20q' "$space")
  as $owner create it mapped
  file=$(sed -n '2s/ $//p' "$work/out")
  [[ $(head -n 1 "$work/out") == created && $(wc -l <"$work/out") == 2 && ! -s $work/err &&
    $file =~ ^winshim-$owner-$abi-[A-Za-z0-9._%~-]+$ && ${#file} -le 255 ]]
  verdict $? "namespace $shown: one file, right in /dev/shm"
  [[ ! ${made[$file]:-} ]]
  verdict $? "namespace $shown: not the file of another name"
  made[$file]=1
done
export WINSHIM_NAMESPACE=
says 'an empty namespace is none' $owner "created winshim-$owner-$abi " create it mapped
unset WINSHIM_NAMESPACE
[[ -z $(find /dev/shm -mindepth 1 ! -path "$cast*") ]]
verdict $? 'nothing is left of any of them'

# ---- programs with raised rights -------------------------------------------------------------------------------------
raised() {  # raised NAME OWNER GROUP MODE: a copy of the party
  install -o "$2" -g "$3" -m "$4" $cast/party "$cast/$1"
}
as_raised() {  # as_raised NAME UID WORD...: run by that user, with the environment of its choice
  local program=$1 user=$2
  shift 2
  WINSHIM_NAMESPACE=mine WINSHIM_PROFILE=nt setpriv --reuid="$user" --regid="$user" --clear-groups \
    "$cast/$program" "$@" >"$work/out" 2>"$work/err" </dev/null
}
raised suid $owner root 4755 && raised suid-root root root 4755 && raised sgid root root 2755 &&
  raised caps root root 755
for pair in suid:$owner suid-root:0; do
  program=${pair%:*} whose=${pair#*:}
  # The caller's own objects lie ready under both names that the environment could lead to.
  WINSHIM_NAMESPACE=mine begin plain $other create it line
  begin bare $other create it line
  heard plain created && heard bare created
  as_raised $program $other create it profile mapped
  [[ $(paste -sd ' ' "$work/out") == "created ce winshim-$whose-$abi " && ! -s $work/err ]]
  verdict $? "set-user-id $whose: its owner's objects, the default profile, nobody's namespace"
  begin of_owner $whose create it line
  heard of_owner created
  as_raised $program $other create it
  [[ $(cat "$work/out") == exists ]]
  verdict $? "set-user-id $whose: shares with its owner's processes"
  go of_owner && end of_owner
  as_raised $program $other euid $other create it mapped
  [[ $(paste -sd ' ' "$work/out") == 'error 5 ' && $(cat "$work/err") == \
    "winshim: $(name_of $other): this program has rights that its user has not; refused" ]]
  verdict $? "set-user-id $whose, for the moment its caller: does not join the caller's"
  as_raised $program $other uid $other create it mapped
  [[ $(paste -sd ' ' "$work/out") == "exists winshim-$other-$abi " && ! -s $work/err ]]
  verdict $? "set-user-id $whose, its caller for good: joins the caller's, without a namespace"
  go plain && go bare && end plain && end bare
done
as_raised sgid $other create it mapped
[[ $(paste -sd ' ' "$work/out") == 'error 5 ' && $(wc -l <"$work/err") == 1 ]]
verdict $? "set-group-id: does not join its caller's objects"
as 0 grant $cast/caps
as_raised caps $other create it mapped
[[ $(paste -sd ' ' "$work/out") == 'error 5 ' && $(wc -l <"$work/err") == 1 ]]
verdict $? "file capabilities: does not join its caller's objects"
as 0 euid $owner create it mapped
[[ $(paste -sd ' ' "$work/out") == 'error 5 ' && $(wc -l <"$work/err") == 1 ]]
verdict $? 'root as somebody else for the moment: does not join his objects'
says 'root as somebody else for good: joins his' 0 "created winshim-$owner-$abi " uid $owner create it mapped
as 0 euid $owner create it euid 0 create it mapped
[[ $(paste -sd ' ' "$work/out") == "error 5 created winshim-0-$abi " ]]
verdict $? 'root as itself again: joins its own, by its own name'
[[ -z $(find /dev/shm -mindepth 1 ! -path "$cast*") ]]
verdict $? 'nothing is left of all these'

# ---- a process that changes its user after its first call ------------------------------------------------------------
# It keeps what it has, waits and signals as before, and makes nothing under another user's names.
begin changed 0 create ping create pong uid $owner line set ping wait pong mapped
heard changed created
begin partner 0 create ping create pong wait ping set pong line
heard partner exists && asleep partner 0
go changed
heard partner signaled && heard changed signaled
verdict $? 'user changed: signals and is signaled'
end changed && [[ ! -s $work/changed.err && $(tail -n 1 "$work/changed.out") == "winshim-0-$abi "* ]]
verdict $? 'user changed: ends in order and says nothing'
[[ -z $(find /dev/shm -mindepth 1 -name "*-$owner-*") ]]
verdict $? "user changed: nothing was made under the new user's name"
go partner && end partner && [[ -z $(find /dev/shm -mindepth 1 ! -path "$cast*") ]]
verdict $? 'user changed: the last one out leaves nothing'

# A child that the library was not told of begins anew, as who it is by then.
begin child 0 create it wait it child uid $owner create own line wait own mapped
heard child created && asleep child 0
says 'the parent has a bell' 0 'set' set it
heard child created 2
begin sibling $owner create own line set own line
heard sibling exists
go child
sleep 0.3  # so that it is asleep, mostly; nothing is ordered by it
go sibling
heard child signaled 2
verdict $? 'a child under another user: joins the objects of that user, and is woken'
go sibling
end child && end sibling && [[ $(tail -n 1 "$work/child.out") == *"sem.winshim-$owner-"* ]]
verdict $? 'a child under another user: by a bell of that user'
clean

# ---- another pid namespace -------------------------------------------------------------------------------------------
if unshare --pid --fork true 2>/dev/null; then
  begin apart $owner create it wait it
  heard apart created && asleep apart $owner
  setpriv --reuid=0 --regid=0 --clear-groups unshare --pid --fork \
    setpriv --reuid=$owner --regid=$owner --clear-groups $cast/party create it set it >"$work/out" 2>"$work/err"
  [[ $(paste -sd ' ' "$work/out") == 'exists set' ]] && heard apart signaled && end apart
  verdict $? 'another pid namespace, the same /dev/shm: one object'
fi

# ---- a shared memory that another user has filled --------------------------------------------------------------------
mount -o remount,size=24m /dev/shm
begin inside $owner create it line set it wait it create it line
heard inside created
setpriv --reuid=$other --regid=$other --clear-groups dd if=/dev/zero of=/dev/shm/heap bs=64k 2>/dev/null
go inside
heard inside exists
verdict $? 'filled: who is in goes on'
as $owner create it
[[ $(cat "$work/out") == 'error 1450' || $(cat "$work/out") == exists ]]
verdict $? 'filled: who comes is let in, or told that there is no room'
as 0 create it
[[ $(cat "$work/out") == 'error 1450' && $(wc -l <"$work/err") -le 1 && ! -e $(name_of 0) ]]
verdict $? 'filled: no new segment, none half made'
rm /dev/shm/heap
says 'room again: as if nothing had been' 0 created create it
go inside && end inside && [[ -z $(find /dev/shm -mindepth 1 ! -path "$cast*") ]]
verdict $? 'and nothing is left'

echo "$passed passed, $failed failed"
((failed == 0))
