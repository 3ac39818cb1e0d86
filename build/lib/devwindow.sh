#!/usr/bin/env bash
# Runs a command against the page of the real Go program in a real browser:
# demonstration server, signed-in profile, dev build of the window on a display
# of its own. Ends all of it when the command has ended.
#
#   build/lib/devwindow.sh [--user NAME]… -- COMMAND ARGS…
#   build/lib/devwindow.sh --build                   only builds what it needs
#
# The command gets
#   QS_URL, URL       the page, e.g. http://127.0.0.1:21234
#   QS_PROFILE        the profile of the first user (its process holds the lock)
#   QS_SERVER         the server's address
#   QS_PASSWORD_FILE  the accounts' password
#   QS_URL_<USER>     the page of each user, where several were asked for
#   QS_SERVER_PID     the server's process: stop it (kill -STOP) to be off line
#   QS_LOGS           folder of everybody's logs
#   QS_DATA           the server's data: for syncserver user … --data
#   DISPLAY           a display for further windows
#   CHROMIUM          the browser
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$root/build/lib/window.sh"
. "$root/build/lib/stack.sh"

users=() only_build=''
while (($#)); do
  case $1 in
    --build) only_build=1; shift ;;
    --user) users+=("$2"); shift 2 ;;
    --) shift; break ;;
    *) fail "usage: build/lib/devwindow.sh [--user NAME]… -- COMMAND ARGS…" ;;
  esac
done
(($#)) || [[ -n $only_build ]] || fail "no command given"
((${#users[@]})) || users=("$demo_user")

mkdir -p "$bin"
# QS_OFFICE is a folder that demo_fill has filled, to be copied; whoever sets it
# has built the programs too.
if [[ -z ${QS_OFFICE:-} ]]; then
  timed "bindings" bindings
  timed "page" page
  timed "server, desk and dev window" eval 'server && desk && window_dev'
fi
[[ -z $only_build ]] || exit 0

scratch
data=$made
QS_LOGS=$data/logs
mkdir -p "$QS_LOGS"
[[ -z ${QS_OFFICE:-} ]] || cp -a "$QS_OFFICE/." "$data/"
demo_fill "$data"
free_port
demo_serve "$data" "$port"
xvfb_start 1280x800

QS_URL='' QS_PROFILE=''
for user in "${users[@]}"; do
  profile=$data/$user
  demo_login "$profile" "$user" >"$QS_LOGS/login-$user.log" || { cat "$QS_LOGS/login-$user.log" >&2; exit 1; }
  free_port
  url=http://127.0.0.1:$port
  # The window of the same program is there too; nobody looks at it.
  start "$QS_LOGS/window-$user.log" env devserver="127.0.0.1:$port" assetdir="$root/frontend/dist" \
    "$bin/qianshao-dev" --profile "$profile"
  wait_http "$url/" 30 "$started" || { tail -n 20 "$QS_LOGS/window-$user.log" >&2; exit 1; }
  declare -x "QS_URL_${user^^}=$url"
  [[ -n $QS_URL ]] || QS_URL=$url QS_PROFILE=$profile
done
export QS_URL QS_PROFILE QS_LOGS URL=$QS_URL
export QS_DATA=$data/server QS_SERVER=$server_url QS_PASSWORD_FILE=$password_file QS_SERVER_PID=$server_pid
export CHROMIUM=${CHROMIUM:-/usr/bin/chromium}

rc=0
"$@" || rc=$?
if ((rc)); then
  for log in "$QS_LOGS"/*.log "$data/server.log"; do
    say "---- the end of ${log##*/}"
    tail -n 15 "$log"
  done
fi
exit "$rc"
