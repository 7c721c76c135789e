# Debian file systems as images.

# debian_image NAME VARIANT PACKAGE...: portcullis.local/debian-NAME. VARIANT is mmdebstrap's:
#   extract    these packages' files alone: no shell, no package manager
#   essential  a Debian one can work in
#   minbase    with apt
debian_image() {
  local name=$1 recipe
  shift
  parts_from registry || debian_packages mmdebstrap
  recipe=$(recipe_of "$PORTCULLIS_PARTS" "$DEBIAN" "$HERE/lib/debian.sh" "$HERE/images/finish-root" "$HERE/images/debian.Dockerfile" "$@")
  if parts_from registry; then
    shift
    make_image "$(debian_tag "$name")" "$recipe" build_image "$HERE/images/debian.Dockerfile" "$HERE/images" \
      --build-arg "BASE=$DEBIAN_IMAGE" --build-arg "PACKAGES=$*"
  else
    make_image "$(debian_tag "$name")" "$recipe" bootstrap_debian "$@"
  fi
}

debian_tag() { echo "portcullis.local/debian-$1:$DEBIAN"; }

# bootstrap_debian VARIANT PACKAGE... TAG RECIPE
bootstrap_debian() {
  local packages=("${@:2:$#-3}") tag=${*: -2:1} recipe=${!#} root=$CACHE/debian-root sources
  # this machine's own sources, where it is the same Debian
  mapfile -t sources < <(grep -lsw "$DEBIAN" /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources})
  rm -rf "$root"
  mmdebstrap --quiet --variant="$1" --include="$(IFS=,; echo "${packages[*]}")" \
    --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr "$DEBIAN" "$root" "${sources[@]}"
  "$HERE/images/finish-root" "$root"
  tar -C "$root" -c . | docker import --change "LABEL portcullis.recipe=$recipe" - "$tag"
  rm -rf "$root"
}
