#!/usr/bin/env bash
# Proves the two commands of the README on a copy of the tracked tree in an empty folder, with nothing of this checkout
# around: as root (when run by root) and as an ordinary user made for it.
#
#   scripts/fresh-clone-test.sh [--start-only]
#
# With --start-only the start as root is left out: whatever runs all suites as root has installed, built and
# started servers as root.
#
# Prints `ok - …` or `not ok - …` for each thing it proves, then `end of fresh-clone-test`; 1 when something failed.
set -uo pipefail
PATH="$PATH:/usr/sbin:/sbin"
start_only=false
case "$#:${1:-}" in
0:) ;;
1:--start-only) start_only=true ;;
1:--help | 1:-h)
  sed -n '2,/^$/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
  exit 0
  ;;
*)
  echo "kinora: $* is no argument of test:fresh, which takes --start-only and --help" >&2
  exit 2
  ;;
esac

source=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/kinora-fresh-XXXXXX")
chmod 755 "$work"
account="kinora-fresh-$$"
failures=0
# Seconds: the cold start installs and builds everything, a later one nothing.
cold_max=300 warm_max=60 stop_max=60 test_max=1200

clean_up() {
  if [ -n "${server:-}" ]; then kill -9 -- "-$server" 2>/dev/null; fi
  for pid in $(left_in "$work"); do kill -9 "$pid" 2>/dev/null; done
  if id "$account" >/dev/null 2>&1; then userdel "$account" >/dev/null 2>&1; fi
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

ok() { echo "ok - $1"; }
not_ok() { failures=$((failures + 1)); echo "not ok - $1"; }
indented() { sed 's/^/    /'; }

# Processes that run a program of this folder, or in it. One may end while it is looked at. Two programs look at all of
# them; the folder is no word of their own command lines, which would be found.
left_in() {
  {
    find /proc -maxdepth 2 -path '/proc/[0-9]*/cwd' -lname "*$1*" -printf '%h\n'
    grep -laFf /dev/fd/3 /proc/[0-9]*/cmdline 3<<<"$1"
  } 2>/dev/null | grep -oE '[0-9]+' | sort -u | grep -vx $$
}

copy_to() {
  mkdir -p "$1"
  if git -C "$source" rev-parse --git-dir >/dev/null 2>&1; then
    git -C "$source" ls-files -co --exclude-standard -z |
      (cd "$source" && while IFS= read -r -d '' file; do [ -e "$file" ] && printf '%s\0' "$file"; done) |
      tar -C "$source" --null -T - -cf - | tar -C "$1" -xf -
  else
    tar -C "$source" --exclude=node_modules --exclude=./data --exclude=./.kinora --exclude=./web/dist -cf - . |
      tar -C "$1" -xf -
  fi
}

free_port() {
  node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

# Runs a command in the copy as the user under test, with an environment that knows nothing of this checkout.
# `setpriv` and `env` become the command, so that its process number is the one signals are sent to.
path=$(printf %s "$PATH" | tr : '\n' | grep -v node_modules | paste -sd:)
as_user() {
  local become=()
  [ "$uid" != "$(id -u)" ] && become=(setpriv "--reuid=$uid" "--regid=$gid" --clear-groups)
  cd "$folder" && exec "${become[@]}" env -i "HOME=$home" "PATH=$path" "LANG=C.UTF-8" ${CI:+"CI=$CI"} "$@"
}

# Asks until the answer is 200 (0), or until the process has ended or so many seconds are over (1): a new Node for each
# question would take as much of the processor as what it asks.
is_ready='
  const [url, pid, seconds] = process.argv.slice(1);
  const goesOn = () => { try { return process.kill(pid, 0); } catch { return false; } };
  const ask = async () => {
    if ((await fetch(url).catch(() => undefined))?.status === 200) process.exit(0);
    if (!goesOn() || process.uptime() > seconds) process.exit(1);
    setTimeout(ask, 200);
  };
  ask();
'

# Starts, waits until /ready answers 200, stops with SIGTERM; the arguments are more environment.
start_and_stop() {
  local what=$1 limit=$2 port began
  shift 2
  port=$(free_port)
  began=$SECONDS
  (as_user "$@" KINORA_STOP_MAX=50s setsid npm start -- --port "$port" --rtmp-port 0) >"$work/log" 2>&1 &
  server=$!
  if ! node -e "$is_ready" "http://127.0.0.1:$port/ready" "$server" "$limit"; then
    not_ok "$what: ready within $limit s"
    indented <"$work/log"
    kill -9 -- "-$server" 2>/dev/null
    return 1
  fi
  ok "$what: ready after $((SECONDS - began)) s"
  kill -TERM "$server"
  began=$SECONDS
  while [ -n "$(left_in "$folder")" ] && [ $((SECONDS - began)) -lt "$stop_max" ]; do sleep 0.2; done
  if [ -z "$(left_in "$folder")" ]; then
    ok "$what: SIGTERM to npm start leaves no process behind"
  else
    not_ok "$what: SIGTERM to npm start leaves no process behind"
    for pid in $(left_in "$folder"); do tr '\0' ' ' <"/proc/$pid/cmdline" | cut -c1-200 | indented; echo; done
    indented <"$work/log"
  fi
  server=""
}

prove() {
  local who=$1
  folder="$work/$who/kinora"
  home="$work/$who/home"
  mkdir -p "$home"
  copy_to "$folder"
  chown -R "$uid:$gid" "$work/$who"
  start_and_stop "first start as $who" "$cold_max" || return
  # A registry where nothing listens: every request to it fails.
  start_and_stop "second start as $who, without a registry" "$warm_max" npm_config_registry=http://127.0.0.1:9 || return
  $start_only && return
  if (as_user timeout "$test_max" npm test -- check unit browser) >"$work/log" 2>&1; then
    ok "npm test -- check unit browser as $who"
  else
    not_ok "npm test -- check unit browser as $who"
  fi
  tail -n 60 "$work/log" | indented
}

if [ "$(id -u)" = 0 ]; then
  uid=0 gid=0
  if ! $start_only || [ "${KINORA_TEST_DEPTH:-}" = nightly ]; then prove root; fi
  if useradd --system --no-create-home --shell /usr/sbin/nologin "$account"; then
    uid=$(id -u "$account") gid=$(id -g "$account")
    prove ordinary
  else
    not_ok "an ordinary user could be made"
  fi
else
  uid=$(id -u) gid=$(id -g)
  prove ordinary
fi
echo "end of fresh-clone-test"
[ "$failures" = 0 ]
