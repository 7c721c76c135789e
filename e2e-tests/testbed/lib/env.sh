# What the tests are told.

print_env() {
  # Maven runs on this machine, whichever way the images are made
  export_line JAVA_HOME "$(jdk_home)"
  export_line KUBE_API_TEST_DIR "$CACHE"
  export_line KUBE_API_TEST_API_SERVER_VERSION "$KUBERNETES"
  export_line PORTCULLIS_ENVOY "$ENVOY_DIR/envoy"
  export_line PORTCULLIS_KUBECTL "$(kubectl_here)"
  export_line PORTCULLIS_KIND "$KIND_DIR/kind"
  export_line PORTCULLIS_HELM "$HELM_DIR/helm"
  if [ -d "$RATE_LIMIT_DIR" ]; then export_line PORTCULLIS_RATE_LIMIT "$RATE_LIMIT_DIR/ratelimit"; fi
  if [ -d "$REDIS_DIR" ]; then export_line PORTCULLIS_REDIS "$REDIS_DIR/redis-server"; fi
  if have_python && [ -d "$(sslyze_dir)" ]; then export_line PORTCULLIS_SSLYZE "$(sslyze_dir)"; fi
  if [ -n "$(testssl_here)" ]; then export_line PORTCULLIS_TESTSSL "$(testssl_here)"; fi
  export_line PORTCULLIS_NODE_IMAGE "$NODE_TAG"
  export_line PORTCULLIS_BASE_JAVA "$BASE_JAVA"
  export_line PORTCULLIS_BASE_BOOTSTRAP "$BASE_BOOTSTRAP"
  export_line PORTCULLIS_BASE_SAMPLE "$BASE_SAMPLE"
  export_line PORTCULLIS_ENVOY_IMAGE "$ENVOY_TAG"
  export_line PORTCULLIS_RATE_LIMIT_IMAGE "$RATE_LIMIT_TAG"
  export_line PORTCULLIS_REDIS_IMAGE "$REDIS_TAG"
  print_java
  engine_answers || return 0
  # a client newer than the engine must speak the engine's language
  export_line DOCKER_API_VERSION "$(docker version -f '{{.Server.APIVersion}}')"
  # its image, and the one it asks for the engine's address from within a container, are on a registry
  if parts_from packages; then
    export_line TESTCONTAINERS_RYUK_DISABLED true
    export_line TESTCONTAINERS_HOST_OVERRIDE localhost
  fi
}

export_line() { printf 'export %s=%q\n' "$1" "$2"; }

# in the registry way it takes an engine to know which JDK it is
print_java() {
  local dir
  dir=$(java_dir 2>/dev/null) || return 0
  export_line PORTCULLIS_JAVA "$dir/java"
  export_line PORTCULLIS_BOOTSTRAP_JAVA "$dir/bootstrap"
}
