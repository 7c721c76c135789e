# What the user sees while something takes long. All of it on stderr: stdout belongs to `testbed env`.

say() { echo "testbed: $*" >&2; }

die() { say "$*"; exit 1; }

# step WHAT COMMAND...: runs COMMAND, says every 15 s that it still runs, shows the end of its log if it fails.
step() {
  local what=$1 log start=$SECONDS pid
  shift
  log=$(mktemp "$CACHE/log/$(date +%H%M%S).XXXXXX")
  say "$what ..."
  "$@" >"$log" 2>&1 &
  pid=$!
  while sleep 0.2 && kill -0 "$pid" 2>/dev/null; do
    (((SECONDS - start) % 15 == 0 && SECONDS > start)) && say "$what ... $((SECONDS - start)) s" && sleep 1
  done
  if ! wait "$pid"; then
    tail -n 30 "$log" >&2
    die "$what: failed after $((SECONDS - start)) s; the whole log is $log"
  fi
  rm -f "$log"
  say "$what: $((SECONDS - start)) s"
}
