# Programs out of Go modules, static and without symbols.

# Go of this machine, or the public image's where there is none
with_go() {
  if have_go; then
    go "$@"
  else
    [ "$(uname -s)" = Linux ] && parts_from registry || die "Go $GO is needed to build $*"
    mkdir -p "$CACHE/go-home"
    docker run --rm -u "$(id -u):$(id -g)" -v "$CACHE:$CACHE" -v "$HERE:$HERE:ro" -e HOME="$CACHE/go-home" -e CGO_ENABLED -e GOBIN "$GO_IMAGE" go "$@"
  fi
}

have_go() { command -v go >/dev/null; }

# go_program MODULE_PATH@VERSION... DIR: for modules that may be built as they are
go_program() {
  local dir=${!#}
  CGO_ENABLED=0 GOBIN=$dir with_go install -trimpath -ldflags "-s -w" -tags "no_btrfs no_devmapper no_zfs" "${@:1:$#-1}"
}

# kubernetes_program NAME... DIR: Kubernetes names its own parts relatively, so it has a go.mod here
kubernetes_program() {
  local dir=${!#} names=("${@:1:$#-1}") version=k8s.io/component-base/version major minor
  IFS=. read -r major minor _ <<<"$KUBERNETES"
  CGO_ENABLED=0 with_go build -C "$HERE/go/kubernetes" -trimpath -o "$dir/" \
    -ldflags "-s -w -X $version.gitVersion=v$KUBERNETES -X $version.gitMajor=$major -X $version.gitMinor=$minor" \
    "${names[@]/#/k8s.io/kubernetes/cmd/}"
}

# module_program NAME PACKAGE DIR: what go/NAME/go.mod pins, where a module cannot be built as it is
module_program() {
  CGO_ENABLED=0 with_go build -C "$HERE/go/$1" -trimpath -ldflags "-s -w" -o "$3/$1" "$2"
}
