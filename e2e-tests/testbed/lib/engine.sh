# A Docker engine that answers.

provide_engine() {
  if ! engine_answers; then
    [ "$(id -u)" = 0 ] || die "no Docker engine answers. Start it, or let this user talk to it"
    command -v dockerd >/dev/null || debian_packages docker.io
    drop_missing_capability
    step "docker engine" start_engine
  fi
  say "docker engine $(docker version -f '{{.Server.Version}}') answers"
}

engine_answers() { timeout 20 docker version -f '{{.Server.APIVersion}}' >/dev/null 2>&1; }

# It outlives this run, so it must not keep the lock of one_at_a_time.
start_engine() {
  setsid nohup dockerd >>"$CACHE/dockerd.log" 2>&1 9>&- </dev/null &
  for _ in {1..300}; do
    engine_answers && return 0
    kill -0 $! || break
    sleep 0.1
  done
  tail -n 20 "$CACHE/dockerd.log"
  return 1
}

# A host may lack CAP_SYS_RESOURCE even for root. runc then refuses every privileged container, unless it is not asked for it.
drop_missing_capability() {
  local sys_resource=24 bounding
  bounding=0x$(awk '/^CapBnd/ {print $2}' /proc/self/status)
  ((bounding >> sys_resource & 1)) && return 0
  [ ! -e /etc/docker/daemon.json ] || return 0
  install -m 755 "$HERE/lib/runc-without-sys-resource" /usr/local/bin/
  mkdir -p /etc/docker
  cat >/etc/docker/daemon.json <<'JSON'
{
  "default-runtime": "without-sys-resource",
  "runtimes": {"without-sys-resource": {"path": "/usr/local/bin/runc-without-sys-resource"}}
}
JSON
}
