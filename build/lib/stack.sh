# shellcheck shell=bash
# A demonstration server and profiles signed in to it. Source after common.sh;
# the programs must be in build/bin.

# The demonstration happens in China, wherever this machine stands.
export TZ=${TZ:-Asia/Shanghai}

# The account whose desk is shown unless another is asked for.
demo_user=linzhiyuan

# demo_fill DATA: the demonstration organisation in an embedded store, if DATA
# has none yet. The accounts' password, another one for each store, is in
# $password_file.
demo_fill() {
  password_file=$1/password
  mkdir -p "$1"
  if [[ ! -s $password_file ]]; then
    (umask 077 && head -c 9 /dev/urandom | base64 | tr '+/' 'qs' >"$password_file")
  fi
  "$bin/syncserver" demo --data "$1/server" --password-file "$password_file"
}

# demo_serve DATA PORT: the server on the loopback, until this shell ends. Its
# address is in $server_url, its process in $server_pid, and $server_command
# starts it again.
demo_serve() {
  local data=$1 log=$1/server.log
  server_url=http://127.0.0.1:$2
  server_command=$(printf '%q ' "$bin/syncserver" serve --data "$data/server" --listen "127.0.0.1:$2")
  start "$log" "$bin/syncserver" serve --data "$data/server" --listen "127.0.0.1:$2"
  server_pid=$started
  if ! wait_http "$server_url/healthz" 30 "$server_pid"; then
    tail -n 20 "$log" >&2
    return 1
  fi
}

# demo_login PROFILE USER: signs a profile in, through the same log-in as
# everyone's, and loads it. A profile that is signed in already is only loaded.
demo_login() {
  if [[ ! -f $1/profile.json ]]; then
    "$bin/desk" --profile "$1" login --server "$server_url" --user "$2" --password-file "$password_file" || return
  fi
  "$bin/desk" --profile "$1" sync
}
