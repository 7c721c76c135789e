# The one place that knows where parts come from:
#   registry   a usual workstation: public images can be pulled
#   packages   no container registry within reach: the same parts are made from Debian, Go and Python packages
# Found out by pulling the smallest image that is needed anyway. PORTCULLIS_PARTS says it by hand.

parts_from() {
  if [ -z "${PORTCULLIS_PARTS:-}" ]; then
    if can_pull; then PORTCULLIS_PARTS=registry; else PORTCULLIS_PARTS=packages; fi
    say "parts come from: $PORTCULLIS_PARTS"
  fi
  [ "$PORTCULLIS_PARTS" = "$1" ]
}

# where there is no registry the refusal comes at once; the long timeout is for slow lines
can_pull() {
  engine_answers || return 1
  docker image inspect "$DEBIAN_IMAGE" >/dev/null 2>&1 || timeout 300 docker pull -q "$DEBIAN_IMAGE" >/dev/null 2>&1
}

# debian_packages NAME...: these packages are installed on this machine
debian_packages() {
  local name missing=()
  for name in "$@"; do
    dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || die "needed here: ${missing[*]}. Without a container registry this takes a Debian, and root to install packages"
  step "packages ${missing[*]}" install_packages "${missing[@]}"
}

install_packages() {
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
}
