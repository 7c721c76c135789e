# What the user sees while something takes long. All of it on stderr: stdout belongs to `testbed env`.

say() { echo "testbed: $*" >&2; }

die() { say "$*"; exit 1; }

# step WHAT COMMAND...: runs COMMAND, says every 15 s that it still runs, shows the end of its log if it fails.
step() {
  STEP=$1 STEP_START=$SECONDS
  STEP_LOG=$(mktemp "$CACHE/log/$(date +%H%M%S).XXXXXX")
  shift
  say "$STEP ..."
  still_running 9>&- &
  STEP_BEAT=$!
  # in the foreground and not as a condition: an interrupt reaches it, and an error inside ends it
  ("$@") >"$STEP_LOG" 2>&1
  kill "$STEP_BEAT"
  rm -f "$STEP_LOG"
  say "$STEP: $((SECONDS - STEP_START)) s"
  STEP=
}

still_running() {
  # one sleep may outlive us a little: it must not hold the caller's pipe
  while sleep 15 >/dev/null 2>&1; do say "$STEP ... $((SECONDS - STEP_START)) s"; done
}

step_failed() {
  [ -n "${STEP:-}" ] || return 0
  kill "$STEP_BEAT" 2>/dev/null || true
  tail -n 30 "$STEP_LOG" >&2
  say "$STEP: failed after $((SECONDS - STEP_START)) s; the whole log is $STEP_LOG"
}
trap step_failed EXIT
