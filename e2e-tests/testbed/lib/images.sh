# The images that our own images start from.

BASE_JAVA=portcullis.local/base-java:$JAVA           # operator: libc, CA certificates, Java runtime; no shell
BASE_BOOTSTRAP=portcullis.local/base-bootstrap:$JAVA # sidecar-bootstrap: libc, nft, a Java runtime of few modules; no shell
BASE_SAMPLE=portcullis.local/base-sample:$JAVA       # sample API and callers: a Debian with network tools and base-java's runtime
ENVOY_TAG=portcullis.local/envoy:$ENVOY              # the sidecar
RATE_LIMIT_TAG=portcullis.local/rate-limit:$RATE_LIMIT # the service that counts for scope Fleet, and its store
REDIS_TAG=portcullis.local/redis:$REDIS

provide_images() {
  debian_image runtime extract libc6 ca-certificates
  debian_image nft extract libc6 nftables
  debian_image tools essential bash ca-certificates curl iproute2 iputils-ping netcat-openbsd nftables openssl procps
  make_dir "$(java_dir)/java" link_java "$HERE/images/java.modules"
  make_dir "$(java_dir)/bootstrap" link_java "$HERE/images/bootstrap.modules"
  java_image "$BASE_JAVA" runtime java
  java_image "$BASE_BOOTSTRAP" nft bootstrap
  java_image "$BASE_SAMPLE" tools java
  make_dir "$ENVOY_DIR" make_envoy
  image "$ENVOY_TAG" runtime envoy.Dockerfile "$ENVOY_DIR"
  make_dir "$RATE_LIMIT_DIR" make_rate_limit
  image "$RATE_LIMIT_TAG" runtime rate-limit.Dockerfile "$RATE_LIMIT_DIR"
  debian_image store extract libc6 redis-server
  image "$REDIS_TAG" store redis.Dockerfile "$HERE/images"
}

java_image() { image "$1" "$2" java.Dockerfile "$(java_dir)/$3"; }

# image TAG DEBIAN_NAME DOCKERFILE CONTEXT: the path of CONTEXT says its version
image() {
  local base dockerfile=$HERE/images/$3
  base=$(debian_tag "$2")
  make_image "$1" "$(recipe_of "$(docker image inspect -f '{{.Id}}' "$base")" "$dockerfile" "context $4")" \
    build_image "$dockerfile" "$4" --build-arg "BASE=$base"
}

# build_image DOCKERFILE CONTEXT OPTION... TAG RECIPE
build_image() {
  docker build -f "$1" "${@:3:$#-4}" --build-arg "RECIPE=${!#}" -t "${*: -2:1}" "$2"
}

# Keyed by the JDK and the modules: an AOT cache is worth nothing under any other runtime.
java_dir() { echo "$CACHE/java/$(recipe_of "$(jdk sh -c 'cat "$JAVA_HOME/release"')" "$HERE"/images/*.modules)"; }

# link_java MODULES DIR: one of the two collections of classes.jsa is for heaps of 32 GB and more
link_java() {
  step "java runtime of $(basename "$1")" jdk jlink --output "$2/linked" --add-modules "$(paste -sd, "$1")" \
    --no-header-files --no-man-pages --strip-java-debug-attributes --compress zip-6 --generate-cds-archive
  rm "$2/linked/lib/server/classes_nocoops.jsa"
  mv "$2"/linked/* "$2"
  rmdir "$2/linked"
}

# jdk COMMAND...: with the JDK of the public image, or with the one that builds this project
jdk() {
  if parts_from registry; then
    docker run --rm -u "$(id -u):$(id -g)" -v "$CACHE:$CACHE" "$JDK_IMAGE" "$@"
  else
    local home
    home=$(jdk_home)
    JAVA_HOME=$home PATH=$home/bin:$PATH "$@"
  fi
}

jdk_home() {
  local home
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
    ! grep -qs "^JAVA_VERSION=\"$JAVA" "$home/release" || { echo "$home"; return; }
  done
  die "JDK $JAVA is needed: set JAVA_HOME"
}
