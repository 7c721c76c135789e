# A node image for kind out of packages. Only where the real one cannot be pulled.

KUBE_NODE_DIR=$CACHE/kube-node/$KUBERNETES
CONTAINERD_DIR=$CACHE/containerd/$CONTAINERD
CNI_DIR=$CACHE/cni/$CNI
COREDNS_DIR=$CACHE/coredns/$COREDNS
PAUSE_DIR=$CACHE/pause/$PAUSE

build_node() {
  make_dir "$KUBE_DIR" make_control_plane
  make_dir "$KUBE_NODE_DIR" make_kube_node
  make_dir "$CONTAINERD_DIR" make_containerd
  make_dir "$CNI_DIR" make_cni
  make_dir "$COREDNS_DIR" make_coredns
  make_dir "$PAUSE_DIR" make_pause
  debian_image node minbase ca-certificates conntrack ethtool iproute2 iptables kmod libseccomp2 mount nftables procps runc \
    socat systemd systemd-sysv util-linux
  debian_image kube-proxy extract conntrack iptables kmod libc6 nftables
  make_image "$NODE_TAG" "$(recipe_of "$HERE/versions" "$HERE/node" "$HERE/lib/node.sh")" assemble_node
}

make_kube_node() {
  step "kubelet, kubeadm, controller manager, scheduler, kube-proxy $KUBERNETES" \
    kubernetes_program kubelet kubeadm kube-controller-manager kube-scheduler kube-proxy "$1"
}

make_containerd() {
  local commands=github.com/containerd/containerd/v2/cmd
  step "containerd $CONTAINERD" go_program "$commands"/{containerd,containerd-shim-runc-v2,ctr}"@v$CONTAINERD" "$1"
}

make_cni() {
  local plugins=github.com/containernetworking/plugins/plugins
  step "network plug-ins $CNI" go_program "$plugins"/{main/ptp,main/loopback,ipam/host-local,meta/portmap}"@v$CNI" "$1"
}

make_coredns() { step "CoreDNS $COREDNS" module_program coredns . "$1"; }

make_pause() {
  debian_packages gcc libc6-dev
  step "pause $PAUSE" compile_pause "$1"
}

compile_pause() {
  local kubernetes
  kubernetes=$(go list -C "$HERE/go/kubernetes" -m -f '{{.Dir}}' k8s.io/kubernetes)
  gcc -Os -static -s -DVERSION="$PAUSE" -o "$1/pause" "$kubernetes/build/pause/linux/pause.c"
}

# assemble_node TAG RECIPE
assemble_node() {
  local tag=$1 recipe=$2 root=$CACHE/node-root images image
  mapfile -t images < <("$KUBE_NODE_DIR/kubeadm" config images list --kubernetes-version "v$KUBERNETES")
  for image in "${images[@]}"; do program_image "$image"; done
  lay_out_node "$root" "$(printf '%s\n' "${images[@]}" | grep /pause:)"
  docker build -t "$tag-empty" --build-arg "BASE=$(debian_tag node)" -f "$HERE/node/Dockerfile" "$root"
  rm -rf "$root"
  load_node "$tag" "$recipe" "${images[@]}"
  docker image rm "$tag-empty" "${images[@]}"
}

# program_image IMAGE: the one program that kubeadm expects under this name
program_image() {
  local image=$1 name dir entrypoint=()
  name=$(basename "${image%:*}")
  for dir in "$KUBE_DIR" "$KUBE_NODE_DIR" "$COREDNS_DIR" "$PAUSE_DIR"; do
    [ ! -x "$dir/$name" ] || break
  done
  case $name in
    kube-proxy)
      proxy_image "$image"
      return
      ;;
    coredns | pause) entrypoint=(--change "ENTRYPOINT [\"/usr/local/bin/$name\"]") ;;
  esac
  tar -C "$dir" -c --transform 's,^,usr/local/bin/,' "$name" | docker import --change 'ENV PATH=/usr/local/bin' "${entrypoint[@]}" - "$image"
}

# kube-proxy calls iptables or nft
proxy_image() {
  local root=$CACHE/proxy-root
  rm -rf "$root"
  mkdir "$root"
  cp -l "$KUBE_NODE_DIR/kube-proxy" "$root/"
  docker build -t "$1" --build-arg "BASE=$(debian_tag kube-proxy)" -f "$HERE/node/kube-proxy.Dockerfile" "$root"
  rm -rf "$root"
}

# lay_out_node ROOT PAUSE_IMAGE
lay_out_node() {
  rm -rf "$1"
  cp -r "$HERE/node/rootfs" "$1"
  sed -i "s,@PAUSE_IMAGE@,$2," "$1/etc/containerd/config.toml"
  echo "v$KUBERNETES" >"$1/kind/version"
  mkdir -p "$1/etc/kubernetes/manifests" "$1/opt/cni/bin" "$1/usr/bin"
  cp -l "$KUBE_NODE_DIR"/{kubelet,kubeadm} "$KUBE_DIR/kubectl" "$1/usr/bin/"
  cp -l "$CONTAINERD_DIR"/* "$1/usr/local/bin/"
  cp -l "$CNI_DIR"/* "$1/opt/cni/bin/"
}

# load_node TAG RECIPE IMAGE...: the node with the IMAGEs in its containerd, so that no cluster has to fetch them
load_node() {
  local tag=$1 recipe=$2 node
  node=$(docker run -d --privileged --entrypoint /usr/local/bin/containerd "$tag-empty")
  until docker exec "$node" ctr version; do
    [ "$(docker inspect -f '{{.State.Running}}' "$node")" = true ] || { docker logs "$node"; return 1; }
    sleep 0.2
  done
  docker save "${@:3}" | docker exec -i "$node" ctr -n k8s.io images import --no-unpack --local --digests -
  docker stop "$node"
  docker commit --change 'ENTRYPOINT ["/usr/local/bin/entrypoint", "/sbin/init"]' --change 'CMD []' \
    --change "LABEL portcullis.recipe=$recipe" "$node" "$tag"
  docker rm "$node"
}
