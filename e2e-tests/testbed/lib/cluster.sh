# kind, kubectl and the node image.

KIND_DIR=$CACHE/kind/$KIND
HELM_DIR=$CACHE/helm/$HELM
NODE_TAG=portcullis.local/node:v$KUBERNETES

provide_cluster() {
  make_dir "$KIND_DIR" make_kind
  if parts_from registry; then
    step "node image" pull_node
  else
    build_node
  fi
  [ -x "$(kubectl_here)" ] || make_dir "$CACHE/kubectl/$KUBERNETES" make_kubectl
}

make_kind() { step "kind $KIND" go_program "sigs.k8s.io/kind@v$KIND" "$1"; }
make_helm() { step "helm $HELM" go_program "helm.sh/helm/v4/cmd/helm@v$HELM" "$1"; }
make_kubectl() { step "kubectl $KUBERNETES" copy_from_image "$NODE_TAG" /usr/bin/kubectl "$1"; }

# the one beside kube-apiserver where that was built, else the node image's
kubectl_here() {
  if [ -d "$KUBE_DIR" ]; then echo "$KUBE_DIR/kubectl"; else echo "$CACHE/kubectl/$KUBERNETES/kubectl"; fi
}

pull_node() {
  docker image inspect "$NODE_IMAGE" >/dev/null 2>&1 || docker pull -q "$NODE_IMAGE"
  docker tag "$NODE_IMAGE" "$NODE_TAG"
}
