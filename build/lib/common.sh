# shellcheck shell=bash
# Shared by the scripts in build/: what they need from the machine, the
# processes they start, and how they speak. Source it; it runs nothing itself
# but sets $root and one trap that ends every process started with `start`.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bin=$root/build/bin

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

# timed WHAT COMMAND…: runs the command and says how long it took.
timed() {
  local what=$1 begin=$SECONDS
  shift
  say "· $what"
  "$@"
  say "  $((SECONDS - begin)) s"
}

# ---- processes -------------------------------------------------------------

# Process groups started by this shell, and folders to remove at its end.
_groups=()
_scratch=()

# start LOG COMMAND…: runs a command in the background in a process group of
# its own, output to LOG, until this shell ends. Its id is in $started.
start() {
  local log=$1
  shift
  setsid "$@" >"$log" 2>&1 </dev/null &
  started=$!
  _groups+=("$started")
}

# _alive GROUP: somebody of the process group is running. The dead whom nobody
# has reaped yet do not count.
_alive() { ps -e -o pgid=,stat= | awk -v g="$1" '$1 == g && $2 !~ /^Z/ { n = 1 } END { exit !n }'; }

# stop PID: ends a process started with `start` and its children; they get ten
# seconds to end by themselves.
stop() {
  local pid=$1 end=$((SECONDS + 10))
  kill -TERM -- "-$pid" 2>/dev/null || return 0
  while _alive "$pid" && ((SECONDS < end)); do
    sleep 0.1
  done
  kill -KILL -- "-$pid" 2>/dev/null || :
  wait "$pid" 2>/dev/null || :
}

# scratch: a folder of its own in $made, removed when this shell ends.
scratch() {
  made=$(mktemp -d)
  _scratch+=("$made")
}

_end() {
  local code=$? i
  trap - EXIT INT TERM HUP
  for ((i = ${#_groups[@]} - 1; i >= 0; i--)); do
    stop "${_groups[i]}"
  done
  ((${#_scratch[@]})) && rm -rf "${_scratch[@]}"
  exit "$code"
}
# on_exit: sets the trap. A subshell that starts processes calls it again: it
# inherits neither the trap nor the duty for what its parent started.
on_exit() {
  _groups=() _scratch=()
  trap _end EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
}
on_exit

# ---- the machine -----------------------------------------------------------

# version_at_least HAVE WANT: compares dotted numbers.
version_at_least() { [[ $(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n1) == "$2" ]]; }

need_go() {
  command -v go >/dev/null ||
    fail "Go 1.26 or newer is needed and not on PATH. Get it from https://go.dev/dl/ (or your mirror) and put its bin folder on PATH."
  local have
  have=$(go env GOVERSION | sed 's/^go//; s/[^0-9.].*//')
  version_at_least "$have" 1.26 ||
    fail "Go 1.26 or newer is needed, $(command -v go) is $have."
}

need_node() {
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    fail "Node.js 20 or newer with npm is needed and not on PATH. Get it from https://nodejs.org/ (or your mirror)."
  fi
  local have
  have=$(node --version | sed 's/^v//')
  version_at_least "$have" 20.19 ||
    fail "Node.js 20.19 or newer is needed, $(command -v node) is $have."
}

_as_root() {
  if [[ $(id -u) == 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "This needs root or sudo: $*"
  fi
}

_installed() { [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

_apt_fresh=
# need_postgresql installs PostgreSQL's programs. Whoever wants a cluster makes
# one of its own; none is to be started for good.
need_postgresql() {
  if command -v apt-get >/dev/null && ! _installed postgresql-15; then
    apt_install postgresql-common
    _as_root sed -i 's/^#\?create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
  fi
  apt_install postgresql
}

# apt_install PACKAGE…: installs those that are missing.
apt_install() {
  command -v apt-get >/dev/null || {
    say "Not a Debian or Ubuntu system: these packages must be there already: $*"
    return 0
  }
  local missing=() p
  for p in "$@"; do
    _installed "$p" || missing+=("$p")
  done
  ((${#missing[@]})) || return 0
  say "installing ${missing[*]}"
  if [[ -z $_apt_fresh ]]; then
    _as_root apt-get -q update || return
    _apt_fresh=1
  fi
  # Another apt may be at work: wait for it.
  _as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -q -o DPkg::Lock::Timeout=600 install -y --no-install-recommends "${missing[@]}"
}

# What the programs are built with, on Linux.
packages_build=(gcc g++ pkg-config libgtk-3-dev libwebkit2gtk-4.1-dev fonts-noto-cjk ca-certificates tzdata)
# A display without a screen, and pictures of it.
packages_display=(xvfb imagemagick xdotool)

# npm_install: node_modules as package-lock.json says, if they are not so yet.
npm_install() {
  local lock=$root/frontend/package-lock.json mark=$root/frontend/node_modules/.installed-lock
  [[ -f $mark ]] && cmp -s "$lock" "$mark" && return 0
  (cd "$root/frontend" && npm ci --no-audit --no-fund) || return
  mkdir -p "${mark%/*}" && cp "$lock" "$mark"
}

# ---- the network and the display -------------------------------------------

# free_port: a TCP port of the loopback that nobody has, in $port. It is taken
# from below the range the kernel gives to clients.
free_port() {
  local i
  for ((i = 0; i < 200; i++)); do
    port=$((20000 + RANDOM % 10000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || return 0
  done
  fail "no free port found"
}

# wait_http URL SECONDS [PID]: until the address answers 2xx. Gives up at once
# when the process that should answer has ended.
wait_http() {
  local url=$1 end=$((SECONDS + $2)) pid=${3:-}
  until curl -fsS -o /dev/null --max-time 2 --noproxy '*' "$url" 2>/dev/null; do
    if [[ -n $pid ]] && ! kill -0 "$pid" 2>/dev/null; then
      say "ended before it answered: $url" >&2
      return 1
    fi
    ((SECONDS < end)) || { say "no answer: $url" >&2; return 1; }
    sleep 0.2
  done
}

# xvfb_start [WIDTHxHEIGHT]: a display of this shell's own in $DISPLAY.
xvfb_start() {
  local file i
  scratch
  file=$made/display
  # Xvfb looks for a free number by itself and writes it.
  start "$made/xvfb.log" bash -c 'exec Xvfb -displayfd 3 -screen 0 "$1x24" -nolisten tcp -noreset 3>"$2"' \
    - "${1:-1440x900}" "$file"
  for ((i = 0; i < 100; i++)); do
    if [[ -s $file ]]; then
      DISPLAY=:$(<"$file")
      export DISPLAY
      return 0
    fi
    kill -0 "$started" 2>/dev/null || break
    sleep 0.1
  done
  cat "$made/xvfb.log" >&2
  fail "Xvfb did not start"
}
