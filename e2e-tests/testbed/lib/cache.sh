# What was made once is there whole or not at all, so an interrupted run can simply be run again.

# two runs at a time would build everything twice
one_at_a_time() {
  command -v flock >/dev/null || return 0
  exec 9>"$CACHE/.lock"
  flock -n 9 || { say "waiting for another run to end"; flock 9; }
}

# make_dir DIR COMMAND...: unless DIR is there, COMMAND fills a directory (its last argument) that then becomes DIR
make_dir() {
  local dir=$1
  shift
  [ ! -d "$dir" ] || return 0
  rm -rf "$dir.new"
  mkdir -p "$dir.new"
  "$@" "$dir.new"
  mv "$dir.new" "$dir"
}

# make_image TAG RECIPE COMMAND...: unless the engine has TAG from this RECIPE, COMMAND makes it, labelled with RECIPE and named TAG
make_image() {
  local tag=$1 recipe=$2
  shift 2
  [ "$(docker image inspect -f '{{index .Config.Labels "portcullis.recipe"}}' "$tag" 2>/dev/null)" != "$recipe" ] || return 0
  step "$tag" "$@" "$tag" "$recipe"
}

# recipe_of PATH_OR_WORD...: a short hash of all that something is made from
recipe_of() {
  local part
  for part in "$@"; do
    if [ -e "$part" ]; then find "$part" -type f -print0 | LC_ALL=C sort -z | xargs -0 cat; else echo "$part"; fi
  done | git hash-object --stdin | cut -c1-12
}

# everything that the test bed made, here and in the engine
clean() {
  if engine_answers; then
    docker image ls --format '{{.Repository}}:{{.Tag}}' 'portcullis.local/*' | xargs -r docker image rm -f
  fi
  chmod -R u+w "$CACHE" # module caches are read-only
  rm -rf "$CACHE"
}
