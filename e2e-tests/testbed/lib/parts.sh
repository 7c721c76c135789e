# The one place that knows where parts come from:
#   registry   a usual workstation: public images can be pulled
#   packages   no container registry within reach: the same parts are made from Debian, Go and Python packages
# Found out by pulling the smallest image that is needed anyway. PORTCULLIS_PARTS says it by hand.

parts_from() {
  if [ -z "${PORTCULLIS_PARTS:-}" ]; then
    PORTCULLIS_PARTS=packages
    if can_pull; then PORTCULLIS_PARTS=registry; fi
    say "parts come from: $PORTCULLIS_PARTS"
  fi
  [ "$PORTCULLIS_PARTS" = "$1" ]
}

can_pull() {
  engine_answers || return 1
  docker image inspect "$DEBIAN_IMAGE" >/dev/null 2>&1 || timeout 60 docker pull -q "$DEBIAN_IMAGE" >/dev/null 2>&1
}

# debian_packages NAME...: these packages are installed on this machine, which is then a Debian with us as root
debian_packages() {
  local name missing=()
  for name in "$@"; do
    dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
  done
  [ ${#missing[@]} -eq 0 ] || step "packages ${missing[*]}" install_packages "${missing[@]}"
}

install_packages() {
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
}
